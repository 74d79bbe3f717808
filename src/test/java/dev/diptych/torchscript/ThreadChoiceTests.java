package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class ThreadChoiceTests {

  private final ThreadChoice choice = new ThreadChoice(4);

  @Test
  void staysWithAllCoresWhileTheyAreFaster() {
    assertThat(callsOnOneCore(1000, threads -> threads == 1 ? 9_000 : 5_000)).isLessThan(25);
  }

  @Test
  void movesToOneCoreWhenOthersWantTheRest() {
    callsOnOneCore(200, threads -> threads == 1 ? 9_000 : 5_000);

    int onOneCore = callsOnOneCore(1000, threads -> threads == 1 ? 9_000 : 90_000);

    assertThat(onOneCore).isGreaterThan(900);
  }

  @Test
  void comesBackWhenTheCoresAreFreeAgain() {
    callsOnOneCore(500, threads -> threads == 1 ? 9_000 : 90_000);

    callsOnOneCore(5000, threads -> threads == 1 ? 9_000 : 5_000);

    assertThat(callsOnOneCore(500, threads -> threads == 1 ? 9_000 : 5_000)).isLessThan(20);
  }

  @Test
  void isNotMovedByASingleDisturbedCall() {
    callsOnOneCore(10, threads -> threads == 1 ? 9_000 : 5_000);
    choice.took(4, 100_000);

    assertThat(callsOnOneCore(200, threads -> threads == 1 ? 9_000 : 5_000)).isLessThan(10);
  }

  @Test
  void comesBackAlthoughTheFirstCallOnAllCoresHasToWakeThem() {
    callsOnOneCore(100, threads -> threads == 1 ? 9_000 : 90_000);
    int[] onAll = {0};

    callsOnOneCore(
        3000,
        threads -> {
          onAll[0] = threads == 1 ? 0 : onAll[0] + 1;
          return threads == 1 || onAll[0] == 1 ? 9_000 : 5_000;
        });

    assertThat(callsOnOneCore(500, threads -> threads == 1 ? 9_000 : 5_000)).isLessThan(20);
  }

  @Test
  void aTrialAfterNothingButFailedCallsIsHarmless() {
    int trials = 0;
    while (trials < 6) {
      int threads = choice.next();
      if (threads == 1) { // the others failed, and took() is not told of failures
        choice.took(threads, 9_000);
        trials++;
      }
    }

    assertThat(callsOnOneCore(200, threads -> threads == 1 ? 9_000 : 5_000)).isLessThan(20);
  }

  @Test
  void hasNothingToChooseOnOneCore() {
    ThreadChoice single = new ThreadChoice(1);
    for (int i = 0; i < 100; i++) {
      assertThat(single.next()).isEqualTo(1);
      single.took(1, 1000);
    }
  }

  private int callsOnOneCore(int calls, IntToLongFunction nanos) {
    int onOne = 0;
    for (int i = 0; i < calls; i++) {
      int threads = choice.next();
      choice.took(threads, nanos.applyAsLong(threads));
      onOne += threads == 1 ? 1 : 0;
    }
    return onOne;
  }
}
