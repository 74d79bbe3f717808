package dev.diptych.generation;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The scheduler's plan for a step in which 32 sequences decode and nobody waits. */
@State(Scope.Benchmark)
public class SchedulerBenchmark {

  private static final int SEQUENCES = 32;
  private static final int CONTEXT = 2048;

  private final ContinuousBatchScheduler scheduler =
      new ContinuousBatchScheduler(
          new CacheBudget((long) SEQUENCES * CONTEXT, SEQUENCES, CONTEXT, false),
          CONTEXT,
          CONTEXT,
          new PromptLookup(8, 32));

  /** A scheduler whose sequences have all been prefilled. */
  public SchedulerBenchmark() {
    for (int i = 0; i < SEQUENCES; i++) {
      scheduler.add(new Sequence(new int[] {i, i + 1}, CONTEXT / 2, false));
    }
    for (CacheStep step : scheduler.plan().steps()) {
      if (step instanceof CacheStep.Prefill chunk) {
        scheduler.prefilled(chunk);
        chunk.sequence().append(0);
      }
    }
    int decoding = scheduler.plan().decoding().count();
    if (decoding != SEQUENCES) {
      throw new IllegalStateException("only %d sequences decode".formatted(decoding));
    }
  }

  /** The same plan each time, as no sequence comes or ends. */
  @Benchmark
  public Object plan() {
    return scheduler.plan();
  }
}
