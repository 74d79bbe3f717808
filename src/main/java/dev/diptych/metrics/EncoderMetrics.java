package dev.diptych.metrics;

import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.encoding.EncodingWatch;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** What one encoder does. */
final class EncoderMetrics implements EncodingWatch {

  private final Meters meters;
  private final String model;
  private final TextEmbeddingsInferenceMetrics peer;
  private final Map<String, EndpointMeters> endpoints = new ConcurrentHashMap<>();
  private final BatchMeters batches;
  private volatile IntSupplier waiting = () -> 0;

  /** What is measured of the requests of one endpoint. */
  private record EndpointMeters(
      Timer preparation, Timer queue, Timer inference, DistributionSummary tokens) {}

  EncoderMetrics(Meters meters, String model, TextEmbeddingsInferenceMetrics peer) {
    this.meters = meters;
    this.model = model;
    this.peer = peer;
    this.batches = new BatchMeters(meters, model);
    meters.gauge(
        "diptych.waiting",
        "Answers or texts that wait for their place",
        () -> waiting.getAsInt(),
        "model",
        model);
    peer.countWaiting(() -> waiting.getAsInt());
  }

  @Override
  public void begins(IntSupplier manyWaiting) {
    waiting = manyWaiting;
  }

  @Override
  public void asked(EncoderTask task, int inputs) {
    RequestAccount.current().asks(model);
    if (isOfPeer(task)) {
      peer.asked(task, inputs);
    }
  }

  @Override
  public void encoded(EncoderTask task, int[] tokens, EncodingMetrics metrics) {
    RequestAccount account = RequestAccount.current();
    int sum = Arrays.stream(tokens).sum();
    account.count(sum, 0);
    long tokenized = System.nanoTime() - metrics.total().toNanos();
    long queued = tokenized + metrics.tokenization().toNanos() * tokens.length;
    long begun = queued + metrics.queue().toNanos();
    account.spent("tokenization", tokenized, queued);
    account.spent("queue", queued, begun);
    account.spent("inference", begun, begun + metrics.inference().toNanos());
    EndpointMeters measured = endpoints.computeIfAbsent(account.endpoint(), this::meters);
    measured.preparation().record(metrics.tokenization().multipliedBy(tokens.length));
    measured.queue().record(metrics.queue());
    measured.inference().record(metrics.inference());
    measured.tokens().record(sum);
    if (isOfPeer(task)) {
      peer.encoded(task, tokens, metrics);
    }
  }

  @Override
  public void failed(EncoderTask task, DiptychException reason) {
    if (!(reason instanceof InferenceFailed)) {
      Refusals.count(meters, model, RequestAccount.current().endpoint(), reason);
    }
    if (isOfPeer(task)) {
      peer.failed(reason);
    }
  }

  @Override
  public void computed(EncoderTask task, int inputs, int tokens, long nanoseconds) {
    batches.computed(inputs, tokens, nanoseconds);
    if (isOfPeer(task)) {
      peer.computed(inputs, tokens);
    }
  }

  /** text-embeddings-inference fills no masks and tags no words. */
  private static boolean isOfPeer(EncoderTask task) {
    return switch (task) {
      case EncoderTask.Pooled _,
          EncoderTask.HiddenStates _,
          EncoderTask.LargestLogits _,
          EncoderTask.NextToken _,
          EncoderTask.TextLogits _ ->
          true;
      case EncoderTask.MaskedLanguageModel _, EncoderTask.TokenLogits _ -> false;
    };
  }

  private EndpointMeters meters(String endpoint) {
    String[] tags = {"model", model, "endpoint", endpoint};
    return new EndpointMeters(
        meters.timer("diptych.preparation", Texts.PREPARATION, tags),
        meters.timer("diptych.queue", Texts.QUEUE, tags),
        meters.timer("diptych.inference", "Time of the forward passes of a request", tags),
        meters.numbers("diptych.input.tokens", Texts.INPUT_TOKENS, Buckets.TOKENS, tags));
  }
}
