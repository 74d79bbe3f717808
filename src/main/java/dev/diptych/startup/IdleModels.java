package dev.diptych.startup;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Looks again and again for models that nobody uses any more. */
final class IdleModels {

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int LOOKS = 10; // within the timeout

  private final Duration pause;
  private final Runnable look;
  private volatile boolean stopped;

  /**
   * @param timeout after which a model is idle
   * @param look unloads those that are; failures are its own affair
   */
  IdleModels(Duration timeout, Runnable look) {
    Duration part = timeout.dividedBy(LOOKS);
    this.pause = part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
    this.look = look;
  }

  void start() {
    Thread.ofPlatform().name("idle-models").daemon().start(this::watch);
  }

  void stop() {
    stopped = true;
  }

  private void watch() {
    while (!stopped) {
      LockSupport.parkNanos(pause.toNanos());
      look.run();
    }
  }
}
