package dev.diptych.torchscript;

import static dev.diptych.torchscript.Parallelism.ACROSS_PARTS;
import static dev.diptych.torchscript.Parallelism.NONE;
import static dev.diptych.torchscript.Parallelism.WITHIN_OPERATORS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class ParallelismChoiceTests {

  private final ParallelismChoice choice = new ParallelismChoice(List.of(WITHIN_OPERATORS, NONE));

  @Test
  void staysWithAllCoresWhileTheyAreFaster() {
    assertThat(calls(1000, ParallelismChoiceTests::idle).get(NONE)).isLessThan(25);
  }

  @Test
  void movesToOneCoreWhenOthersWantTheRest() {
    calls(200, ParallelismChoiceTests::idle);

    assertThat(calls(1000, ParallelismChoiceTests::busy).get(NONE)).isGreaterThan(900);
  }

  @Test
  void comesBackWhenTheCoresAreFreeAgain() {
    calls(500, ParallelismChoiceTests::busy);
    calls(5000, ParallelismChoiceTests::idle);

    assertThat(calls(500, ParallelismChoiceTests::idle).get(NONE)).isLessThan(20);
  }

  @Test
  void isNotMovedByASingleDisturbedCall() {
    calls(10, ParallelismChoiceTests::idle);
    choice.took(WITHIN_OPERATORS, 100_000);

    assertThat(calls(200, ParallelismChoiceTests::idle).get(NONE)).isLessThan(20);
  }

  @Test
  void isNotMovedByASingleLuckyCallOfATrial() {
    int[] trials = {0};

    Map<Parallelism, Integer> calls =
        calls(200, option -> option == NONE && trials[0]++ % 4 == 2 ? 1_000 : idle(option));

    assertThat(calls.get(NONE)).isLessThan(20);
  }

  @Test
  void comesBackAlthoughTheFirstCallOnAllCoresHasToWakeThem() {
    calls(100, ParallelismChoiceTests::busy);
    int[] onAll = {0};

    calls(
        3000,
        option -> {
          onAll[0] = option == NONE ? 0 : onAll[0] + 1;
          return option == NONE || onAll[0] == 1 ? 9_000 : 5_000;
        });

    assertThat(calls(500, ParallelismChoiceTests::idle).get(NONE)).isLessThan(20);
  }

  @Test
  void takesTheFastestOfThree() {
    ParallelismChoice three = new ParallelismChoice(List.of(ACROSS_PARTS, WITHIN_OPERATORS, NONE));

    Map<Parallelism, Integer> calls =
        calls(
            three,
            1000,
            option ->
                switch (option) {
                  case ACROSS_PARTS -> 9_000;
                  case WITHIN_OPERATORS -> 5_000;
                  case NONE -> 8_000;
                });

    assertThat(calls.get(WITHIN_OPERATORS)).isGreaterThan(900);
  }

  @Test
  void triesLessAndLessOftenWhatIsAlwaysSlower() {
    calls(1000, ParallelismChoiceTests::idle);

    assertThat(calls(1000, ParallelismChoiceTests::idle).get(NONE)).isLessThan(9);
  }

  @Test
  void aTrialAfterNothingButFailedCallsIsHarmless() {
    int trials = 0;
    while (trials < 6) {
      Parallelism option = choice.next();
      if (option == NONE) { // the others failed, and took() is not told of failures
        choice.took(NONE, 9_000);
        trials++;
      }
    }

    assertThat(calls(200, ParallelismChoiceTests::idle).get(NONE)).isLessThan(20);
  }

  @Test
  void aTrialThatFailsEndsNevertheless() {
    for (int i = 0; i < 200; i++) {
      if (choice.next() == WITHIN_OPERATORS) {
        choice.took(WITHIN_OPERATORS, 5_000);
      }
    }

    assertThat(choice.next()).isEqualTo(WITHIN_OPERATORS);
  }

  @Test
  void hasNothingToChooseOnOneCore() {
    ParallelismChoice single = new ParallelismChoice(List.of(NONE));

    assertThat(calls(single, 100, ParallelismChoiceTests::idle)).containsEntry(NONE, 100);
  }

  private static long idle(Parallelism option) {
    return option == NONE ? 9_000 : 5_000;
  }

  private static long busy(Parallelism option) {
    return option == NONE ? 9_000 : 90_000;
  }

  private Map<Parallelism, Integer> calls(int count, ToLongFunction<Parallelism> nanos) {
    return calls(choice, count, nanos);
  }

  private static Map<Parallelism, Integer> calls(
      ParallelismChoice choice, int count, ToLongFunction<Parallelism> nanos) {
    Map<Parallelism, Integer> calls = new EnumMap<>(Map.of(NONE, 0));
    for (int i = 0; i < count; i++) {
      Parallelism option = choice.next();
      choice.took(option, nanos.applyAsLong(option));
      calls.merge(option, 1, Integer::sum);
    }
    return calls;
  }
}
