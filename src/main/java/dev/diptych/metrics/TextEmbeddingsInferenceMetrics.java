package dev.diptych.metrics;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.EncodingMetrics;
import io.micrometer.core.instrument.DistributionSummary;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;

/** The metrics of text-embeddings-inference, under its names. */
final class TextEmbeddingsInferenceMetrics {

  private static final double NANOSECONDS = 1e9;
  private static final String SINGLE = "single";
  private static final String BATCH = "batch";

  private final List<IntSupplier> waiting = new CopyOnWriteArrayList<>();
  private final PeerCounters.Labelled count;
  private final PeerCounters.Labelled success;
  private final PeerCounters.Labelled failure;
  private final Times ofRequests;
  private final Texts embedded;
  private final Texts classified;
  private final DistributionSummary inputLength;
  private final DistributionSummary batchSize;
  private final DistributionSummary batchTokens;

  /** Where the time of a request, or of each of its texts, went. */
  private record Times(
      DistributionSummary total,
      DistributionSummary tokenization,
      DistributionSummary queue,
      DistributionSummary inference) {

    static Times of(Meters meters, String prefix, String whose) {
      return new Times(
          meters.seconds(prefix + "_duration", "Time of " + whose),
          meters.seconds(prefix + "_tokenization_duration", "Tokenization of " + whose),
          meters.seconds(prefix + "_queue_duration", "Wait for a batch of " + whose),
          meters.seconds(prefix + "_inference_duration", "Forward pass of " + whose));
    }

    void record(EncodingMetrics metrics) {
      record(total, metrics.total());
      record(tokenization, metrics.tokenization());
      record(queue, metrics.queue());
      record(inference, metrics.inference());
    }

    private static void record(DistributionSummary seconds, Duration duration) {
      seconds.record(duration.toNanos() / NANOSECONDS);
    }
  }

  /** The texts of one kind of task. */
  private record Texts(PeerCounters.Plain asked, PeerCounters.Plain answered, Times times) {

    static Texts of(Meters meters, PeerCounters counters, String prefix, String what) {
      return new Texts(
          counters.plain(prefix + "_count", "Texts to " + what),
          counters.plain(prefix + "_success", "Texts with an answer, of those to " + what),
          Times.of(meters, prefix, "a text to " + what));
    }
  }

  TextEmbeddingsInferenceMetrics(Meters meters, PeerCounters counters) {
    count = counters.labelled("te_request_count", "Requests", "method", SINGLE, BATCH);
    success =
        counters.labelled("te_request_success", "Requests with an answer", "method", SINGLE, BATCH);
    failure =
        counters.labelled(
            "te_request_failure",
            "Requests without an answer",
            "err",
            "overloaded",
            "validation",
            "batch_size",
            "tokenization",
            "inference",
            "dropped");
    ofRequests = Times.of(meters, "te_request", "a request");
    embedded = Texts.of(meters, counters, "te_embed", "embed");
    classified = Texts.of(meters, counters, "te_predict", "classify or rank");
    inputLength = meters.numbers("te_request_input_length", "Tokens of a text", Buckets.TOKENS);
    batchSize = meters.numbers("te_batch_next_size", "Texts of a batch", Buckets.SEQUENCES);
    batchTokens = meters.numbers("te_batch_next_tokens", "Tokens of a batch", Buckets.TOKENS);
    meters.gauge(
        "te_queue_size",
        "Texts that wait for a batch",
        () -> waiting.stream().mapToInt(IntSupplier::getAsInt).sum());
  }

  /** Counts the texts that wait for one more engine. */
  void countWaiting(IntSupplier waitingForAnEngine) {
    waiting.add(waitingForAnEngine);
  }

  void asked(EncoderTask task, int inputs) {
    count.add(method(inputs), 1);
    of(task).asked().add(inputs);
  }

  private Texts of(EncoderTask task) {
    return task instanceof EncoderTask.TextLogits ? classified : embedded;
  }

  void failed(DiptychException reason) {
    failure.add(
        switch (reason) {
          case InvalidInput invalid ->
              switch (invalid.kind()) {
                case BATCH_SIZE -> "batch_size";
                case TOKENIZER -> "tokenization";
                case EMPTY, VALIDATION, TOO_LONG, UNKNOWN_MODEL -> "validation";
              };
          case Overloaded _, ModelUnavailable _ -> "overloaded";
          case InferenceFailed _ -> "inference";
          case DeadlineExceeded _ -> "dropped";
        },
        1);
  }

  void encoded(EncoderTask task, int[] tokens, EncodingMetrics metrics) {
    success.add(method(tokens.length), 1);
    of(task).answered().add(tokens.length);
    ofRequests.record(metrics);
    for (int length : tokens) {
      inputLength.record(length);
      of(task).times().record(metrics);
    }
  }

  void computed(int inputs, int tokens) {
    batchSize.record(inputs);
    batchTokens.record(tokens);
  }

  private static String method(int inputs) {
    return inputs == 1 ? SINGLE : BATCH;
  }
}
