package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which slots keep memory that is taken as it is written. */
class CacheMemoryTests {

  private static final int CONTEXT = 600;
  private static final int SLOTS = 4;
  private static final CacheBudget BUDGET = new CacheBudget(6000, SLOTS, CONTEXT, true);

  private final FakeDecoder decoder = new FakeDecoder(CONTEXT).withAllSlots();
  private final SchedulerHarness bench = new SchedulerHarness(decoder, BUDGET, 100);

  @Test
  void slotsThatLongSequencesHadAreCutWhenShortOnesHaveThem() {
    runTogether(500, 1);
    assertThat(decoder.writtenTokens()).isGreaterThan(SLOTS * 500);

    runTogether(30, 2);

    assertThat(decoder.writtenTokens()).isBetween(400L, BUDGET.keptTokens());
  }

  @Test
  void whatIsCachedIsKeptHoweverMuchItIs() {
    runTogether(500, 1);
    bench.scheduler.add(new Sequence(prompt(30, 2, 0), 20, false));
    bench.runToEnd();
    int computed = decoder.prefilledTokens.get();

    bench.scheduler.add(new Sequence(prompt(500, 1, SLOTS - 1), 20, false));
    bench.runToEnd();

    assertThat(decoder.prefilledTokens.get()).isEqualTo(computed);
    assertThat(decoder.writtenTokens()).isGreaterThan((SLOTS - 1) * 500);
  }

  @Test
  void whatARunningSequenceMayComeToIsKept() {
    runTogether(500, 1);
    for (int i = 0; i < SLOTS; i++) {
      bench.scheduler.add(new Sequence(prompt(30, 2, i), 300, false));
    }
    for (int i = 0; i < 10; i++) {
      bench.step();
    }

    assertThat(decoder.writtenTokens()).isGreaterThan(SLOTS * 300);
  }

  @Test
  void nothingIsCutWhereAllRoomTakesMemory() {
    FakeDecoder rectangle = new FakeDecoder(CONTEXT);
    SchedulerHarness other =
        new SchedulerHarness(rectangle, new CacheBudget(6000, SLOTS, CONTEXT, false), 100);
    other.scheduler.add(new Sequence(prompt(500, 1, 0), 10, false));
    other.runToEnd();
    other.scheduler.add(new Sequence(prompt(30, 2, 0), 10, false));
    other.runToEnd();
    other.scheduler.add(new Sequence(prompt(30, 3, 0), 10, false));

    assertThat(other.step().steps()).noneMatch(CacheStep.Truncate.class::isInstance);
  }

  /* In all slots beside each other. */
  private void runTogether(int promptTokens, int seed) {
    for (int i = 0; i < SLOTS; i++) {
      bench.scheduler.add(new Sequence(prompt(promptTokens, seed, i), 20, false));
    }
    bench.runToEnd();
  }

  private static int[] prompt(int tokens, int seed, int number) {
    return new Random(10L * seed + number).ints(tokens, 1, FakeDecoder.VOCABULARY).toArray();
  }
}
