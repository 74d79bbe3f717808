package dev.diptych.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** How many requests there are, how long they take and what becomes of them. */
public final class RequestMetrics {

  private record Key(String model, String endpoint, Outcome outcome) {}

  private final Meters meters;
  private final LongAdder active = new LongAdder();
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  RequestMetrics(Meters meters) {
    this.meters = meters;
    meters.gauge("diptych.requests.active", "Requests that are answered now", active::sum);
  }

  /** A request has come. */
  public void begun() {
    active.increment();
  }

  /** It is answered, whole or not. */
  public void ended(RequestAccount account, int status) {
    active.decrement();
    timers
        .computeIfAbsent(
            new Key(account.model(), account.endpoint(), account.outcome(status)), this::timer)
        .record(account.age(), TimeUnit.NANOSECONDS);
  }

  private Timer timer(Key key) {
    return meters.timer(
        "diptych.request",
        "From the head of a request to the last byte of its answer",
        "model",
        key.model(),
        "endpoint",
        key.endpoint(),
        "outcome",
        key.outcome().label());
  }
}
