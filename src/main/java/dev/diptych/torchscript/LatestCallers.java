package dev.diptych.torchscript;

import org.jspecify.annotations.Nullable;

/** The two threads that had work done last. Safe for use from any thread. */
final class LatestCallers {

  private static final long RECENT_NANOS = 200_000_000;

  private @Nullable Thread one;
  private @Nullable Thread other;
  private long oneAt;
  private long otherAt;

  /** Work of a thread is done now. */
  synchronized void served(Thread caller, long now) {
    if (caller == one) {
      oneAt = now;
    } else if (caller == other) {
      otherAt = now;
    } else if (one == null || (other != null && oneAt < otherAt)) {
      one = caller;
      oneAt = now;
    } else {
      other = caller;
      otherAt = now;
    }
  }

  /** Whether work of another thread was done within the last fifth of a second. */
  synchronized boolean includeOthers(Thread caller, long now) {
    return (one != null && one != caller && now - oneAt < RECENT_NANOS)
        || (other != null && other != caller && now - otherAt < RECENT_NANOS);
  }
}
