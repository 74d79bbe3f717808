package dev.diptych.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The batches of one model. */
final class BatchMeters {

  private final DistributionSummary sequences;
  private final DistributionSummary tokens;
  private final Timer time;

  BatchMeters(Meters meters, String model) {
    sequences =
        meters.numbers(
            "diptych.batch.sequences",
            "Answers that go on in a step, or texts of a forward pass",
            Buckets.SEQUENCES,
            "model",
            model);
    tokens =
        meters.numbers(
            "diptych.batch.tokens",
            "Tokens computed in a step or a forward pass",
            Buckets.TOKENS,
            "model",
            model);
    time = meters.timer("diptych.batch", "Time of a step or a forward pass", "model", model);
  }

  void computed(int manySequences, int manyTokens, long nanoseconds) {
    if (manySequences > 0) {
      sequences.record(manySequences);
    }
    tokens.record(manyTokens);
    time.record(nanoseconds, TimeUnit.NANOSECONDS);
  }
}
