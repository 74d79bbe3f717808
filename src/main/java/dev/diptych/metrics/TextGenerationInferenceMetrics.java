package dev.diptych.metrics;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.generation.GenerationReport;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.function.Supplier;

/** The metrics of text-generation-inference, under its names, for what has a meaning here too. */
final class TextGenerationInferenceMetrics {

  private static final double NANOSECONDS = 1e9;
  private static final String METHOD = "method";
  private static final String PREFILL = "prefill";
  private static final String DECODE = "decode";

  private final PeerCounters.Plain count;
  private final PeerCounters.Plain success;
  private final PeerCounters.Labelled failure;
  private final PeerCounters.Labelled inferenceCount;
  private final PeerCounters.Labelled inferenceSuccess;
  private final DistributionSummary duration;
  private final DistributionSummary validation;
  private final DistributionSummary queue;
  private final DistributionSummary inference;
  private final DistributionSummary perToken;
  private final DistributionSummary generatedTokens;
  private final DistributionSummary inputLength;
  private final DistributionSummary maxNewTokens;
  private final DistributionSummary skippedTokens;
  private final DistributionSummary batchSize;
  private final DistributionSummary prefillTime;
  private final DistributionSummary decodeTime;
  private final DistributionSummary prefillForward;
  private final DistributionSummary decodeForward;

  TextGenerationInferenceMetrics(Meters meters, PeerCounters counters) {
    count = counters.plain("tgi_request_count", "Requests");
    success = counters.plain("tgi_request_success", "Requests with an answer");
    failure =
        counters.labelled(
            "tgi_request_failure",
            "Requests without an answer",
            "err",
            "validation",
            "overloaded",
            "generation",
            "dropped");
    inferenceCount =
        counters.labelled("tgi_batch_inference_count", "Steps", METHOD, PREFILL, DECODE);
    inferenceSuccess =
        counters.labelled(
            "tgi_batch_inference_success", "Steps that did not fail", METHOD, PREFILL, DECODE);
    duration = meters.seconds("tgi_request_duration", "Time of a request");
    validation = meters.seconds("tgi_request_validation_duration", "Checks and tokenization");
    queue = meters.seconds("tgi_request_queue_duration", "Wait for a place in the batch");
    inference = meters.seconds("tgi_request_inference_duration", "Time in the batch");
    perToken = meters.seconds("tgi_request_mean_time_per_token_duration", "Time for each token");
    generatedTokens = tokens(meters, "tgi_request_generated_tokens", "Tokens of the answer");
    inputLength = tokens(meters, "tgi_request_input_length", "Tokens of the prompt");
    maxNewTokens = tokens(meters, "tgi_request_max_new_tokens", "Most tokens of the answer");
    skippedTokens = tokens(meters, "tgi_request_skipped_tokens", "Tokens that were guessed right");
    batchSize =
        meters.numbers("tgi_batch_next_size", "Answers that go on in a step", Buckets.SEQUENCES);
    prefillTime = meters.seconds("tgi_batch_inference_duration", "Time of a step", METHOD, PREFILL);
    decodeTime = meters.seconds("tgi_batch_inference_duration", "Time of a step", METHOD, DECODE);
    prefillForward =
        meters.seconds("tgi_batch_forward_duration", "Time of its forward pass", METHOD, PREFILL);
    decodeForward =
        meters.seconds("tgi_batch_forward_duration", "Time of its forward pass", METHOD, DECODE);
  }

  private static DistributionSummary tokens(Meters meters, String name, String help) {
    return meters.numbers(name, help, Buckets.TOKENS);
  }

  void gauges(
      Meters meters,
      Supplier<Number> running,
      Supplier<Number> waiting,
      Supplier<Number> reservedTokens,
      Supplier<Number> cacheTokens) {
    meters.gauge("tgi_batch_current_size", "Answers that are computed", running);
    meters.gauge("tgi_queue_size", "Answers that wait for a place", waiting);
    meters.gauge("tgi_batch_current_max_tokens", "Tokens that these may come to", reservedTokens);
    meters.gauge("tgi_batch_total_tokens", "Tokens that there is memory for", cacheTokens);
  }

  void asked() {
    count.add(1);
  }

  void failed(DiptychException reason) {
    failure.add(
        switch (reason) {
          case InvalidInput _ -> "validation";
          case Overloaded _, ModelUnavailable _ -> "overloaded";
          case InferenceFailed _ -> "generation";
          case DeadlineExceeded _ -> "dropped";
        },
        1);
  }

  void ended(GenerationReport report) {
    inputLength.record(report.promptTokens());
    maxNewTokens.record(report.maxNewTokens());
    DiptychException reason = report.failure();
    if (reason != null) {
      if (report.wasClosed()) {
        failure.add("dropped", 1);
      } else {
        failed(reason);
      }
      return;
    }
    success.add(1);
    record(duration, report.ended() - report.begun());
    record(validation, report.validation());
    record(queue, report.queue());
    record(inference, report.inference());
    record(perToken, report.inference() * report.answers() / Math.max(1, report.newTokens()));
    generatedTokens.record(report.newTokens());
    skippedTokens.record(report.skippedTokens());
  }

  void stepped(boolean hasPrompts, int sequences, long nanoseconds) {
    String method = hasPrompts ? PREFILL : DECODE;
    inferenceCount.add(method, 1);
    inferenceSuccess.add(method, 1);
    batchSize.record(sequences);
    record(hasPrompts ? prefillTime : decodeTime, nanoseconds);
    record(hasPrompts ? prefillForward : decodeForward, nanoseconds);
  }

  private static void record(DistributionSummary seconds, long nanoseconds) {
    seconds.record(nanoseconds / NANOSECONDS);
  }
}
