package dev.diptych.metrics;

import dev.diptych.DiptychException;
import dev.diptych.generation.GenerationReport;
import dev.diptych.generation.GenerationWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What one decoder does. */
final class DecoderMetrics implements GenerationWatch {

  private final Meters meters;
  private final String model;
  private final TextGenerationInferenceMetrics peer;
  private final Map<String, EndpointMeters> endpoints = new ConcurrentHashMap<>();
  private final BatchMeters batches;
  private final Counter prefixHits;
  private final Counter prefixTokens;
  private final Counter drafted;
  private final Counter accepted;
  private final Counter cancelled;
  private volatile int running;
  private volatile int waiting;
  private volatile long reservedTokens;
  private volatile long cacheTokens;

  /** What is measured of the generations of one endpoint. */
  private record EndpointMeters(
      Timer preparation,
      Timer queue,
      Timer prefill,
      Timer decode,
      Timer firstToken,
      Timer perToken,
      DistributionSummary promptTokens,
      DistributionSummary newTokens) {}

  DecoderMetrics(Meters meters, String model, TextGenerationInferenceMetrics peer) {
    this.meters = meters;
    this.model = model;
    this.peer = peer;
    this.batches = new BatchMeters(meters, model);
    this.prefixHits =
        counter("diptych.prefix.hits", "Prompts that began like a cached one, which was used");
    this.prefixTokens = counter("diptych.prefix.tokens", "Tokens of prompts taken from the cache");
    this.drafted = counter("diptych.draft.tokens", "Tokens guessed from earlier text");
    this.accepted = counter("diptych.draft.accepted.tokens", "Guessed tokens that were right");
    this.cancelled =
        counter("diptych.cancelled", "Generations whose caller left, or had no time left");
    gauge("diptych.running", "Answers that are computed", () -> running);
    gauge("diptych.waiting", "Answers or texts that wait for their place", () -> waiting);
    gauge(
        "diptych.cache.reserved.tokens",
        "Tokens that the running answers may come to",
        () -> reservedTokens);
    gauge("diptych.cache.tokens", "Tokens that there is memory for", () -> cacheTokens);
    peer.gauges(meters, () -> running, () -> waiting, () -> reservedTokens, () -> cacheTokens);
  }

  private Counter counter(String name, String help) {
    return meters.counter(name, help, "model", model);
  }

  private void gauge(String name, String help, Supplier<Number> number) {
    meters.gauge(name, help, number, "model", model);
  }

  @Override
  public void begins(long mostTokens) {
    cacheTokens = mostTokens;
    changed(0, 0, 0);
  }

  @Override
  public void changed(int nowRunning, int nowWaiting, long nowReserved) {
    running = nowRunning;
    waiting = nowWaiting;
    reservedTokens = nowReserved;
  }

  @Override
  public void stepped(
      int promptTokens, int sequences, int draftTokens, int right, long nanoseconds) {
    batches.computed(sequences, promptTokens + sequences + draftTokens, nanoseconds);
    if (draftTokens > 0) {
      drafted.increment(draftTokens);
      accepted.increment(right);
    }
    peer.stepped(promptTokens > 0, sequences, nanoseconds);
  }

  @Override
  public Follower follow() {
    RequestAccount account = RequestAccount.current();
    account.asks(model);
    peer.asked();
    return new Following(account, account.endpoint());
  }

  private EndpointMeters of(String endpoint) {
    return endpoints.computeIfAbsent(endpoint, this::meters);
  }

  private EndpointMeters meters(String endpoint) {
    String[] tags = {"model", model, "endpoint", endpoint};
    return new EndpointMeters(
        meters.timer("diptych.preparation", Texts.PREPARATION, tags),
        meters.timer("diptych.queue", Texts.QUEUE, tags),
        meters.timer("diptych.prefill", "From its place to an answer's first token", tags),
        meters.timer("diptych.decode", "From the first token of answers to their last", tags),
        meters.timer("diptych.first.token", "From a request to its first token", tags),
        meters.timer("diptych.token", "Mean time of each token behind the first", tags),
        meters.numbers("diptych.input.tokens", Texts.INPUT_TOKENS, Buckets.TOKENS, tags),
        meters.numbers("diptych.output.tokens", "Tokens of answers", Buckets.TOKENS, tags));
  }

  /** Follows one request. */
  private final class Following implements Follower {

    private final RequestAccount account;
    private final String endpoint;

    Following(RequestAccount account, String endpoint) {
      this.account = account;
      this.endpoint = endpoint;
    }

    @Override
    public void refused(DiptychException reason) {
      Refusals.count(meters, model, endpoint, reason);
      peer.failed(reason);
    }

    private void tellPhases(GenerationReport report) {
      account.spent("validation", report.begun(), report.queued());
      account.spent("queue", report.queued(), report.queued() + report.queue());
      if (report.firstToken() != 0) {
        account.spent("prefill", report.started(), report.firstToken());
        account.spent("decode", report.firstToken(), report.ended());
      }
    }

    @Override
    public void ended(GenerationReport report) {
      account.count(report.promptTokens(), report.newTokens());
      tellPhases(report);
      EndpointMeters measured = of(endpoint);
      measured.preparation().record(report.validation(), TimeUnit.NANOSECONDS);
      measured.queue().record(report.queue(), TimeUnit.NANOSECONDS);
      measured.promptTokens().record(report.promptTokens());
      measured.newTokens().record(report.newTokens());
      if (report.cachedPromptTokens() > 0) {
        prefixHits.increment();
        prefixTokens.increment(report.cachedPromptTokens());
      }
      if (report.firstToken() != 0) {
        measured.prefill().record(report.firstToken() - report.started(), TimeUnit.NANOSECONDS);
        measured.decode().record(report.ended() - report.firstToken(), TimeUnit.NANOSECONDS);
        measured.firstToken().record(report.firstToken() - report.begun(), TimeUnit.NANOSECONDS);
      }
      if (report.perToken() > 0) {
        measured.perToken().record(report.perToken(), TimeUnit.NANOSECONDS);
      }
      if (report.failure() != null && report.wasClosed()) {
        cancelled.increment();
      }
      peer.ended(report);
    }
  }
}
