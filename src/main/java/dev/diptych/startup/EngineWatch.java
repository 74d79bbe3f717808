package dev.diptych.startup;

import dev.diptych.InferenceFailed;
import dev.diptych.model.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices engines whose thread has ended by an error or stands still, says so in their roles, and
 * has their models loaded again, a bounded number of times.
 */
final class EngineWatch {

  /*
   * Time is counted in looks, so that a process that was stopped and goes on has not stood still.
   * When the thread of all inference stands still no model can compute, and none can be loaded, so
   * all are given up; a step that ends after all brings its model back.
   */

  private static final Logger log = LoggerFactory.getLogger(EngineWatch.class);
  private static final Duration LOOK = Duration.ofMillis(250);

  private final List<Watched> engines = new CopyOnWriteArrayList<>();
  private final Map<String, Reloads> reloads = new HashMap<>(); // of the thread that looks
  private final long looksOfAStep;
  private final String whyGivenUp;
  private final Stillness inference;
  private final Consumer<ServedEngine> loadAgain;
  private volatile boolean stopped;

  /** What is known of an engine. */
  private static final class Watched {

    final ServedEngine served;
    final Stillness stillness;
    boolean failed;

    Watched(ServedEngine served) {
      this.served = served;
      this.stillness = new Stillness(served.engine().progress());
    }
  }

  /**
   * A watch over nothing yet.
   *
   * @param stepTimeout after which a step or a pass stands still
   * @param inference how the thread of all inference gets on
   * @param loadAgain starts to load the model of an engine that has ended
   */
  EngineWatch(Duration stepTimeout, Progress inference, Consumer<ServedEngine> loadAgain) {
    this.looksOfAStep = Math.max(1, stepTimeout.dividedBy(LOOK));
    this.whyGivenUp =
        "a step has not ended for %ds (diptych.inference.step-timeout)"
            .formatted(stepTimeout.toSeconds());
    this.inference = new Stillness(inference);
    this.loadAgain = loadAgain;
  }

  void start() {
    Thread.ofPlatform().name("engine-watch").daemon().start(this::watch);
  }

  void stop() {
    stopped = true;
  }

  void add(ServedEngine served) {
    engines.add(new Watched(served));
  }

  /** Looks no more at an engine, and says nothing of it any more: whether it did until now. */
  boolean remove(ServedEngine served) {
    return engines.removeIf(watched -> watched.served.equals(served));
  }

  private void watch() {
    while (!stopped) {
      LockSupport.parkNanos(LOOK.toNanos());
      try {
        look();
      } catch (RuntimeException | Error e) { // memory may be short for a while
        reportIfPossible(e);
      }
    }
  }

  private static void reportIfPossible(Throwable cause) {
    try {
      log.error("The watch over the engines goes on", cause);
    } catch (RuntimeException | Error _) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Looks at every engine once. */
  void look() {
    boolean allStandStill = inference.look() >= looksOfAStep;
    engines.removeIf(
        watched -> {
          check(watched, allStandStill);
          return watched.failed && replaced(watched.served);
        });
  }

  private void check(Watched watched, boolean allStandStill) {
    ServedEngine served = watched.served;
    Throwable cause = served.engine().failure();
    boolean standsStill = watched.stillness.look() >= looksOfAStep || allStandStill;
    if (watched.failed) {
      return;
    }
    if (cause != null) {
      served.fail("its thread has ended by %s".formatted(cause.getClass().getSimpleName()));
      watched.failed = true;
      log.error("{} has failed", served.model().name(), cause);
    } else if (standsStill) {
      served.lose(whyGivenUp);
      served.engine().abandon(InferenceFailed.known(whyGivenUp));
      watched.failed = true;
      log.error("{} is given up: {}; restart the service", served.model().name(), whyGivenUp);
    }
  }

  private boolean replaced(ServedEngine served) {
    if (stopped || !served.engine().hasEnded()) {
      return false;
    }
    replace(served);
    return true;
  }

  private void replace(ServedEngine served) {
    try {
      served.owner().close();
    } catch (Exception e) {
      log.error("{} could not be closed", served.model().name(), e);
    }
    if (reloads
        .computeIfAbsent(served.model().name(), _ -> new Reloads())
        .allow(System.nanoTime())) {
      log.warn("{} is loaded again", served.model().name());
      loadAgain.accept(served);
    } else {
      String why = "it failed more than %d times within an hour".formatted(Reloads.MOST);
      served.lose(why);
      log.error("{} is not loaded again: {}; restart the service", served.model().name(), why);
    }
  }
}
