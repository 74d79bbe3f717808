package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PassLengthTests {

  private static final int EVERYTHING = Integer.MAX_VALUE;
  private static final long MILLI = 1_000_000;

  @Test
  void isUnlimitedForWhoComputesAlone() {
    try (InferenceThread thread = new InferenceThread()) {
      PassLength length = new PassLength(thread);
      thread.call(() -> true);
      length.took(1000, 200 * MILLI);

      assertThat(length.tokens()).isEqualTo(EVERYTHING);
    }
  }

  @Test
  void isATenthOfASecondBesideOthers() throws InterruptedException {
    try (InferenceThread thread = new InferenceThread()) {
      PassLength length = new PassLength(thread);
      besideOthers(thread);
      assertThat(length.tokens()).as("nothing is known yet").isEqualTo(EVERYTHING);

      length.took(1000, 200 * MILLI);
      length.took(10, 200 * MILLI); // too short to say anything
      besideOthers(thread);
      assertThat(length.tokens()).isEqualTo(500);

      length.took(1000, 100_000 * MILLI);
      besideOthers(thread);
      assertThat(length.tokens()).isEqualTo(128);
    }
  }

  @Test
  void forgetsOthersThatHaveLongBeenSilent() {
    LatestCallers callers = new LatestCallers();
    Thread self = Thread.currentThread();
    Thread other = new Thread("other");
    callers.served(other, 0);
    callers.served(self, 100 * MILLI);

    assertThat(callers.includeOthers(self, 199 * MILLI)).isTrue();
    assertThat(callers.includeOthers(self, 200 * MILLI)).isFalse();
    assertThat(callers.includeOthers(other, 200 * MILLI)).isTrue();
  }

  @Test
  void knowsTheLatestOfManyOthers() {
    LatestCallers callers = new LatestCallers();
    Thread self = Thread.currentThread();
    for (int i = 0; i < 5; i++) {
      callers.served(new Thread("other"), i);
    }
    callers.served(self, 5);

    assertThat(callers.includeOthers(self, 200 * MILLI + 3)).isTrue();
    assertThat(callers.includeOthers(self, 200 * MILLI + 4)).isFalse();
  }

  private static void besideOthers(InferenceThread thread) throws InterruptedException {
    Thread other = Thread.ofPlatform().start(() -> thread.call(() -> true));
    other.join();
  }
}
