package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResidentMemoryTests {

  private final ResidentMemory memory = new ResidentMemory();

  @Test
  void waitsUntilTheProcessHasStoppedGrowing() {
    assertThat(looksUntilWorthwhile(100, 200, 400, 800)).isEqualTo(-1);
    assertThat(memory.isWorthReturning(800)).isTrue();
  }

  @Test
  void nothingIsWorthwhileNearTheLeastThatItOnceWas() {
    assertThat(looksUntilWorthwhile(1000, 1000)).isEqualTo(2);
    memory.returned(900);

    assertThat(looksUntilWorthwhile(940, 940, 940, 940)).isEqualTo(-1);
  }

  @Test
  void aTimeOfMuchWorkIsFollowedByGivingBack() {
    assertThat(looksUntilWorthwhile(1000, 1000)).isEqualTo(2);
    memory.returned(1000);

    assertThat(looksUntilWorthwhile(1500, 2000)).isEqualTo(-1);
    assertThat(memory.isWorthReturning(2000)).isTrue();
    memory.returned(1020);
    assertThat(looksUntilWorthwhile(1020, 1020, 1020)).isEqualTo(-1);
  }

  @Test
  void whatGainsNothingIsTriedMoreAndMoreSeldom() {
    gainNothingEightTimes();
  }

  private void gainNothingEightTimes() {
    assertThat(looksUntilWorthwhile(1000, 1000)).isEqualTo(2);
    memory.returned(1000);
    int before = 0;
    for (int time = 0; time < 8; time++) {
      int looks = 1;
      while (!memory.isWorthReturning(2000)) {
        looks++;
      }
      memory.returned(2000);
      assertThat(looks).isBetween(Math.min(64, before), 64);
      before = looks;
    }
    assertThat(before).isEqualTo(64);
  }

  @Test
  void growthEndsTheWait() {
    gainNothingEightTimes();

    assertThat(looksUntilWorthwhile(3000, 3000)).isEqualTo(2);
  }

  /* The number of the look, from 1, at which it is; -1 if at none. */
  private int looksUntilWorthwhile(long... sizes) {
    for (int i = 0; i < sizes.length; i++) {
      if (memory.isWorthReturning(sizes[i])) {
        return i + 1;
      }
    }
    return -1;
  }
}
