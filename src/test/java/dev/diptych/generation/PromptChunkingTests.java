package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which parts of which prompts a step has, beside what decodes. */
class PromptChunkingTests {

  private static final int CONTEXT = 600;

  private final FakeDecoder decoder = new FakeDecoder(CONTEXT);

  @Test
  void aLongPromptDoesNotStopTheOthers() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 10);
    Sequence first = new Sequence(new int[] {1, 2}, 50, false);
    Sequence lengthy = new Sequence(new int[95], 5, false);
    bench.scheduler.add(first);
    bench.step();
    bench.scheduler.add(lengthy);

    for (int step = 1; step <= 10; step++) {
      assertThat(lengthy.newTokens()).isZero();
      bench.step();
      assertThat(first.newTokens()).isEqualTo(1 + step);
    }

    assertThat(lengthy.newTokens()).isEqualTo(1);
  }

  @Test
  void aShortPromptPassesOneThatIsInProgress() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 10);
    Sequence first = new Sequence(new int[] {1, 2}, 50, false);
    Sequence lengthy = new Sequence(new int[95], 5, false);
    Sequence quick = new Sequence(new int[] {3, 4, 5}, 20, false);
    bench.scheduler.add(first);
    bench.step();
    bench.scheduler.add(lengthy);
    bench.step();
    bench.scheduler.add(quick);

    bench.step();

    assertThat(quick.newTokens()).isEqualTo(1);
    assertThat(first.newTokens()).isEqualTo(3);
  }

  @Test
  void aShortPromptPassesInTheMiddleOfAStepOfALongOne() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, true), 10);
    Sequence first = new Sequence(new int[] {1, 2}, 50, false);
    Sequence lengthy = new Sequence(new int[95], 5, false);
    Sequence quick = new Sequence(new int[] {3, 4, 5}, 20, false);
    Sequence wide = new Sequence(new int[] {3, 4, 5, 6, 7, 8}, 20, false);
    bench.scheduler.add(first);
    bench.step();
    bench.scheduler.add(lengthy);
    bench.scheduler.add(wide);
    bench.scheduler.add(quick);

    bench.step(bench::letShortPromptsPass);

    assertThat(quick.newTokens()).isEqualTo(1);
    assertThat(wide.newTokens()).isZero(); // more than half of what a step may have
    assertThat(first.newTokens()).isEqualTo(2);
    assertThat(prefilled(bench.step())).containsExactly(lengthy);
    assertThat(quick.newTokens()).isEqualTo(2);
  }

  @Test
  void nothingPassesInTheMiddleWhereTheCacheHasNoSlotForIt() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 10);
    Sequence quick = new Sequence(new int[] {3, 4, 5}, 20, false);
    bench.scheduler.add(new Sequence(new int[] {1, 2}, 50, false));
    bench.step();
    bench.scheduler.add(new Sequence(new int[95], 5, false));
    bench.scheduler.add(quick);

    bench.step(bench::letShortPromptsPass);
    assertThat(quick.newTokens()).isZero();
    bench.step(bench::letShortPromptsPass);
    assertThat(quick.newTokens()).isPositive();
  }

  @Test
  void aShortPromptWithALongAnswerPassesWhereFewerSlotsAreLonger() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(1600, 4, CONTEXT, true), 10);
    Sequence lengthy = new Sequence(new int[95], 5, false);
    Sequence quick = new Sequence(new int[] {3, 4, 5}, 447, false);
    bench.scheduler.add(new Sequence(new int[] {1, 2}, 50, false));
    bench.step();
    bench.scheduler.add(lengthy);
    bench.step();
    bench.scheduler.add(quick);

    bench.step();
    assertThat(quick.newTokens()).isEqualTo(1);
    bench.runToEnd();
    assertThat(bench.ended).hasSize(3);
    assertThat(decoder.largestCache()).isLessThanOrEqualTo(1600);
  }

  @Test
  void shortPromptsPassInEveryOtherStepAndHaveItForThemselves() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 8, CONTEXT, false), 10);
    Sequence lengthy = new Sequence(new int[95], 5, false);
    bench.scheduler.add(new Sequence(new int[] {1, 2}, 50, false));
    bench.step();
    bench.scheduler.add(lengthy);
    bench.step();
    for (int i = 0; i < 3; i++) {
      bench.scheduler.add(new Sequence(new int[] {3, 4, 5 + i}, 9, false));
    }

    assertThat(prefilled(bench.step())).hasSize(1).doesNotContain(lengthy);
    assertThat(prefilled(bench.step())).containsExactly(lengthy);
    assertThat(prefilled(bench.step())).hasSize(1).doesNotContain(lengthy);
    assertThat(prefilled(bench.step())).containsExactly(lengthy);
  }

  @Test
  void noNumberOfShortPromptsHoldsUpALongOne() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 10);
    Sequence lengthy = new Sequence(new int[95], 5, false);
    Sequence behind = new Sequence(new int[95], 5, false);
    bench.scheduler.add(new Sequence(new int[] {1, 2}, 50, false));
    bench.step();
    bench.scheduler.add(lengthy);
    bench.scheduler.add(behind);

    for (int step = 1; step <= 40; step++) {
      bench.scheduler.add(new Sequence(new int[] {3, 4, 5}, 1, false));
      bench.step();
    }

    assertThat(lengthy.newTokens()).isPositive();
    assertThat(behind.newTokens()).isPositive();
  }

  @Test
  void aPromptIsComputedInLargerChunksWhileNothingDecodes() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 10);
    Sequence lengthy = new Sequence(new int[175], 5, false);
    bench.scheduler.add(lengthy);

    bench.step();
    bench.step();
    assertThat(lengthy.newTokens()).isZero();
    bench.step();

    assertThat(lengthy.newTokens()).isEqualTo(1);
  }

  @Test
  void chunksBesideOthersGetSmallerDeepInAPrompt() {
    int context = 4200;
    SchedulerHarness bench =
        new SchedulerHarness(
            new FakeDecoder(context), new CacheBudget(10_000, 4, context, false), 64);
    Sequence first = new Sequence(new int[] {1, 2}, 400, false);
    Sequence lengthy = new Sequence(new int[4100], 5, false);
    bench.scheduler.add(first);
    bench.step();
    bench.scheduler.add(lengthy);

    List<Integer> chunks = new ArrayList<>();
    while (lengthy.newTokens() == 0) {
      for (CacheStep step : bench.step().steps()) {
        if (step instanceof CacheStep.Prefill prefill) {
          chunks.add(prefill.count());
        }
      }
    }

    assertThat(chunks).startsWith(64, 64, 64).contains(48, 32).endsWith(16, 16, 4);
    assertThat(chunks).isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void severalShortPromptsShareAStep() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 8, CONTEXT, false), 2);
    for (int i = 0; i < 5; i++) {
      bench.scheduler.add(new Sequence(new int[] {i + 1, 2, 3, 4}, 9, false));
    }

    assertThat(prefilled(bench.step())).hasSize(4);
  }

  @Test
  void theLogitsOfAStepAreBoundedWhereManyPromptsWantAllOfTheirs() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 8, CONTEXT, false), 50);
    for (int i = 0; i < 6; i++) {
      bench.scheduler.add(new Sequence(new int[] {i + 1, 2, 3, 4, 5}, 3, true));
    }

    while (!bench.scheduler.isIdle()) {
      int rows =
          bench.step().steps().stream()
              .filter(CacheStep.Prefill.class::isInstance)
              .mapToInt(step -> ((CacheStep.Prefill) step).rows())
              .sum();
      assertThat(rows).isLessThanOrEqualTo(SchedulerHarness.EVERY_ROW_CHUNK_TOKENS);
    }

    assertThat(bench.ended).hasSize(6);
  }

  private static List<Sequence> prefilled(BatchPlan plan) {
    return plan.steps().stream()
        .filter(CacheStep.Prefill.class::isInstance)
        .map(step -> ((CacheStep.Prefill) step).sequence())
        .toList();
  }
}
