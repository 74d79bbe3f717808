package dev.diptych.metrics;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.encoding.EncodingMetrics;
import io.micrometer.core.instrument.DistributionSummary;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;

/** The metrics of text-embeddings-inference, under its names, for embeddings. */
final class TextEmbeddingsInferenceMetrics {

  private static final double NANOSECONDS = 1e9;
  private static final String SINGLE = "single";
  private static final String BATCH = "batch";

  private final List<IntSupplier> waiting = new CopyOnWriteArrayList<>();
  private final PeerCounters.Labelled count;
  private final PeerCounters.Labelled success;
  private final PeerCounters.Labelled failure;
  private final PeerCounters.Plain texts;
  private final PeerCounters.Plain textSuccess;
  private final Times ofRequests;
  private final Times ofTexts;
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
    texts = counters.plain("te_embed_count", "Texts to embed");
    textSuccess = counters.plain("te_embed_success", "Texts that were embedded");
    ofRequests = Times.of(meters, "te_request", "a request");
    ofTexts = Times.of(meters, "te_embed", "a text");
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

  void asked(int inputs) {
    count.add(method(inputs), 1);
    texts.add(inputs);
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

  void encoded(int[] tokens, EncodingMetrics metrics) {
    success.add(method(tokens.length), 1);
    textSuccess.add(tokens.length);
    ofRequests.record(metrics);
    for (int length : tokens) {
      inputLength.record(length);
      ofTexts.record(metrics);
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
