package dev.diptych.model;

import java.util.concurrent.locks.LockSupport;

/** Tells what must be told, as often as it takes while there is no memory for it. */
public final class UntilMemoryAllows {

  private static final long PAUSE = 10_000_000; // ns

  private UntilMemoryAllows() {}

  /**
   * Runs something until no lack of memory ends it.
   *
   * @param telling may be repeated, and is made before memory is short
   */
  public static void run(Runnable telling) {
    boolean told = false;
    while (!told) {
      try {
        telling.run();
        told = true;
      } catch (OutOfMemoryError _) {
        LockSupport.parkNanos(PAUSE);
      }
    }
  }
}
