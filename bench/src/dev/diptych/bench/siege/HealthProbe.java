package dev.diptych.bench.siege;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks {@code /health} ten times a second, also while an answer is late, and keeps how long each
 * answer took.
 */
final class HealthProbe implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpRequest request;
  private final Supplier<Set<HostileKind>> attacks;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Double> millis = new ArrayList<>();
  private final Map<HostileKind, Integer> slowBeside = new EnumMap<>(HostileKind.class);
  private int failures;

  private HealthProbe(URI service, Supplier<Set<HostileKind>> attacks) {
    request = HttpRequest.newBuilder(service.resolve("/health")).timeout(TIMEOUT).build();
    this.attacks = attacks;
  }

  static HealthProbe start(URI service, Supplier<Set<HostileKind>> attacks) {
    HealthProbe probe = new HealthProbe(service, attacks);
    var _ =
        probe.clock.scheduleAtFixedRate(
            () -> probe.threads.execute(probe::ask), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return probe;
  }

  private void ask() {
    Set<HostileKind> beside = attacks.get();
    long start = System.nanoTime();
    boolean healthy;
    try {
      healthy = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      healthy = false;
    } catch (InterruptedException _) {
      return;
    }
    answered((System.nanoTime() - start) / 1e6, healthy, beside);
  }

  private synchronized void answered(double took, boolean healthy, Set<HostileKind> beside) {
    millis.add(healthy ? took : Math.max(took, (double) TIMEOUT.toMillis()));
    failures += healthy ? 0 : 1;
    if (!healthy || took > SiegeReport.HEALTH_LIMIT_MILLIS) {
      beside.forEach(kind -> slowBeside.merge(kind, 1, Integer::sum));
    }
  }

  /** The answers until now. */
  synchronized HealthAnswers answers() {
    return new HealthAnswers(millis, failures, slowBeside);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    client.shutdownNow();
    threads.shutdownNow();
    threads.close();
  }
}
