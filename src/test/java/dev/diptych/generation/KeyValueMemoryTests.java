package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyValueMemoryTests {

  private final AtomicLong givenUp = new AtomicLong();
  private final KeyValueMemory memory = new KeyValueMemory(1000, givenUp::addAndGet);

  private KeyValueMemory.Share join(long usable) {
    return memory.join(usable, memory.missing(usable));
  }

  @Test
  void oneDecoderMayHaveAllOfIt() {
    KeyValueMemory.Share only = join(5000);

    assertThat(only.total()).isEqualTo(1000);
    assertThat(only.fair()).isEqualTo(1000);
    assertThat(only.take(1000)).isTrue();
    assertThat(only.take(1001)).isFalse();
  }

  @Test
  void thereIsNoMoreThanDecodersCanUse() {
    assertThat(join(300).total()).isEqualTo(300);
    assertThat(memory.missing(400)).isEqualTo(400);
    assertThat(join(400).total()).isEqualTo(700);
    assertThat(memory.missing(Long.MAX_VALUE)).isEqualTo(300);
  }

  @Test
  void whatOneHoldsNoOtherGets() {
    KeyValueMemory.Share first = join(1000);
    KeyValueMemory.Share second = join(1000);

    assertThat(first.take(700)).isTrue();
    assertThat(second.take(301)).isFalse();
    assertThat(second.take(300)).isTrue();
    first.keep(200);

    assertThat(second.most()).isEqualTo(800);
  }

  @Test
  void whoStandsInLineIsLeftWhatItNeeds() {
    KeyValueMemory.Share first = join(1000);
    KeyValueMemory.Share second = join(1000);
    first.take(900);

    second.ask(600, false);

    assertThat(first.most()).isEqualTo(400);
    assertThat(second.most()).isEqualTo(100);
    first.keep(400);
    assertThat(second.take(600)).isTrue();
  }

  @Test
  void whoComputesAlreadyPressesOthersOnlyDownToTheirPart() {
    KeyValueMemory.Share first = join(1000);
    KeyValueMemory.Share second = join(1000);
    first.take(600);
    second.take(400);

    second.ask(900, true);

    assertThat(first.most()).isEqualTo(500);
  }

  @Test
  void theFirstInLineComesFirst() {
    KeyValueMemory.Share first = join(1000);
    KeyValueMemory.Share second = join(1000);
    KeyValueMemory.Share third = join(1000);
    first.take(1000);
    second.ask(800, false);
    third.ask(500, false);
    first.keep(0);

    assertThat(third.most()).isEqualTo(200);
    assertThat(second.take(800)).isTrue();
    second.leave();
    assertThat(second.most()).isEqualTo(500);
  }

  @Test
  void whatCannotBeIsNotWaitedFor() {
    KeyValueMemory.Share first = join(1000);
    KeyValueMemory.Share second = join(1000);
    first.take(900);

    second.ask(1001, false);

    assertThat(first.most()).isEqualTo(1000);
  }

  @Test
  void whoIsConcernedIsWoken() {
    KeyValueMemory.Share first = join(1000);
    KeyValueMemory.Share second = join(1000);
    AtomicInteger firstWoken = new AtomicInteger();
    AtomicInteger secondWoken = new AtomicInteger();
    first.whenChanged(firstWoken::incrementAndGet);
    second.whenChanged(secondWoken::incrementAndGet);
    first.take(900);

    second.ask(600, false);
    second.ask(600, false);
    assertThat(firstWoken).hasValue(1);
    assertThat(secondWoken).hasValue(0);

    first.keep(400);
    assertThat(secondWoken).hasValue(1);
    second.ask(600, false);
    assertThat(secondWoken).as("it is there").hasValue(2);
  }

  @Test
  void whatADecoderLeavesIsForTheOthersOrGivenUp() {
    KeyValueMemory.Share first = join(800);
    KeyValueMemory.Share second = join(600);
    first.take(700);
    second.ask(600, false);

    first.close();
    first.close();

    assertThat(givenUp).hasValue(400);
    assertThat(second.total()).isEqualTo(600);
    assertThat(second.take(600)).isTrue();
  }
}
