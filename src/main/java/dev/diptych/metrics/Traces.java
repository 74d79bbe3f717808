package dev.diptych.metrics;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One span for each request with one for each part of its time, sent where a collector is set. */
public final class Traces implements AutoCloseable {

  /*
   * A request's spans are made when it is answered, from its account, so that nothing carries a
   * context through the engines and nothing at all happens where none are sent. What OpenTelemetry
   * can be told it is told by its own variables.
   */

  private static final Logger log = LoggerFactory.getLogger(Traces.class);
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  private static final List<String> ENDPOINTS =
      List.of(ENDPOINT, "otel.exporter.otlp.traces.endpoint");

  /** Where nothing else is said: what the JDK's client can send, and soon. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "diptych",
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.bsp.schedule.delay", "1000");

  private static final Map<String, String> ONLY_TRACES =
      Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
  private static final AttributeKey<Long> READ = AttributeKey.longKey("gen_ai.usage.input_tokens");
  private static final AttributeKey<Long> WRITTEN =
      AttributeKey.longKey("gen_ai.usage.output_tokens");
  private static final AttributeKey<String> ID = AttributeKey.stringKey("diptych.request.id");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("diptych.outcome");

  private final @Nullable Sent sent;

  private record Sent(OpenTelemetrySdk sdk, Tracer tracer) {}

  private Traces(@Nullable Sent sent) {
    this.sent = sent;
  }

  /**
   * Traces that go to a collector, if there is one.
   *
   * @param endpoint its address; empty where OpenTelemetry's own variables may name one
   * @param property reads these
   */
  static Traces to(String endpoint, Function<String, @Nullable String> property) {
    Map<String, String> told = new HashMap<>(DEFAULTS);
    Map<String, String> fixed = new HashMap<>(ONLY_TRACES);
    for (String name : ENDPOINTS) {
      String address = property.apply(name);
      if (address != null && !address.isBlank()) {
        told.put(name, address);
      }
    }
    if (!endpoint.isBlank()) {
      fixed.put(ENDPOINT, endpoint);
    } else if (told.size() == DEFAULTS.size()) {
      return new Traces(null);
    }
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(() -> told)
            .addPropertiesCustomizer(_ -> fixed)
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
    log.info("Traces are sent to {}", endpoint.isBlank() ? "OpenTelemetry's endpoint" : endpoint);
    return new Traces(new Sent(sdk, sdk.getTracer("dev.diptych")));
  }

  /** Whether there is anybody to send them to. */
  public boolean areSent() {
    return sent != null;
  }

  /**
   * A request is answered.
   *
   * @param header reads its headers, of which {@code traceparent} may name the span it belongs to
   */
  public void ended(
      RequestAccount account,
      String method,
      int status,
      Function<String, @Nullable String> header) {
    if (sent == null) {
      return;
    }
    Clock clock = new Clock();
    Tracer tracer = sent.tracer();
    Span span =
        tracer
            .spanBuilder(method + " " + account.endpoint())
            .setParent(
                W3CTraceContextPropagator.getInstance().extract(Context.root(), header, HEADERS))
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(clock.at(account.begun()), TimeUnit.NANOSECONDS)
            .setAttribute(METHOD, method)
            .setAttribute(ROUTE, account.endpoint())
            .startSpan();
    if (span.isRecording()) {
      Outcome outcome = account.outcome(status);
      span.setAttribute(STATUS, (long) status);
      span.setAttribute(MODEL, account.model());
      span.setAttribute(READ, account.promptTokens());
      span.setAttribute(WRITTEN, account.newTokens());
      span.setAttribute(ID, account.id());
      span.setAttribute(OUTCOME, outcome.label());
      if (outcome == Outcome.FAILED || outcome == Outcome.TIMEOUT) {
        span.setStatus(StatusCode.ERROR);
      }
      Context within = Context.root().with(span);
      for (RequestAccount.Phase phase : account.phases()) {
        tracer
            .spanBuilder(phase.name())
            .setParent(within)
            .setStartTimestamp(clock.at(phase.start()), TimeUnit.NANOSECONDS)
            .startSpan()
            .end(clock.at(phase.end()), TimeUnit.NANOSECONDS);
      }
    }
    span.end(clock.at(System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  /** The time of day of what was timed by {@link System#nanoTime}, in nanoseconds since 1970. */
  private static final class Clock {

    private final long epoch;

    Clock() {
      Instant now = Instant.now();
      epoch = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
    }

    long at(long nanoTime) {
      return epoch + nanoTime;
    }
  }

  private static final TextMapGetter<Function<String, @Nullable String>> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Function<String, @Nullable String> header) {
          return W3CTraceContextPropagator.getInstance().fields();
        }

        @Override
        public @Nullable String get(
            @Nullable Function<String, @Nullable String> header, String name) {
          return header == null ? null : header.apply(name);
        }
      };

  /** Sends what is not sent yet. */
  @Override
  public void close() {
    if (sent != null) {
      sent.sdk().close();
    }
  }
}
