package dev.diptych.bench.siege;

import dev.diptych.bench.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The phases of a siege: well-behaved clients alone, beside hostile ones, and afterwards. */
final class Siege {

  private static final Duration WARM_UP = Duration.ofSeconds(45);
  private static final Duration ALONE = Duration.ofSeconds(45);
  private static final Duration AFTERWARDS = Duration.ofSeconds(60);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int PRINTED = 10;

  private final ServiceProcess process;
  private final List<HostileKind> kinds;
  private final Duration duration;
  private long largest;
  private @Nullable String death;

  Siege(ServiceProcess process, List<HostileKind> kinds, Duration duration) {
    this.process = process;
    this.kinds = kinds;
    this.duration = duration;
  }

  /** Everything, also what a process that ends leaves to say. */
  SiegeReport run(Map<String, String> machine) throws InterruptedException {
    FullLoad.run(process.address());
    try (GoodClients good = GoodClients.start(process.address())) {
      watch(WARM_UP, good, Set::of);
      GoodAnswers warm = good.answers();
      watch(ALONE, good, Set::of);
      Map<GoodKind, Double> alone = good.answers().since(warm).rates(ALONE);
      long before = resident();
      GoodAnswers atFirst = good.answers();
      HealthAnswers health;
      GoodAnswers meanwhile;
      long start = System.nanoTime();
      Duration attacked;
      try (HostileClients hostile = HostileClients.start(process.address(), kinds);
          HealthProbe probe = HealthProbe.start(process.address(), hostile::running)) {
        watch(duration, good, hostile::running);
        health = probe.answers();
        meanwhile = good.answers().since(atFirst);
        attacked = Duration.ofNanos(System.nanoTime() - start);
      }
      watch(AFTERWARDS, good, Set::of);
      return new SiegeReport(
          Instant.now(),
          machine,
          kinds,
          attacked,
          health,
          alone,
          meanwhile.rates(attacked),
          meanwhile,
          before,
          largest,
          resident(),
          death);
    }
  }

  /** Reads the memory each second; ends early when the process does. */
  private void watch(Duration time, GoodClients good, Supplier<Set<HostileKind>> attacks)
      throws InterruptedException {
    long start = System.nanoTime();
    for (Duration next = INTERVAL; next.compareTo(time) <= 0; next = next.plus(INTERVAL)) {
      if (death != null) {
        return;
      }
      Thread.sleep(Duration.ofNanos(Math.max(0, start + next.toNanos() - System.nanoTime())));
      long resident = resident();
      if (death != null) {
        death += ", after %d s, beside %s".formatted(next.toSeconds(), named(attacks.get()));
      }
      if (next.toSeconds() % PRINTED == 0 || death != null) {
        System.out.printf(
            "%d s: %d MiB, %s answers, %d refused, %d errors, attacks: %s%n",
            next.toSeconds(),
            resident >> 20,
            good.answers().answered().values(),
            good.answers().refused(),
            good.answers().errors(),
            named(attacks.get()));
      }
    }
  }

  /** Resident bytes, or the last known ones of a process that has ended. */
  private long resident() {
    try {
      long resident = process.memory().resident();
      largest = Math.max(largest, resident);
      return resident;
    } catch (IOException e) {
      if (death == null) {
        death = e.getMessage();
      }
      return 0;
    }
  }

  private static String named(Set<HostileKind> kinds) {
    return kinds.stream().map(HostileKind::option).collect(Collectors.joining(" "));
  }
}
