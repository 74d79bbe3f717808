package dev.diptych.http.connection;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that the bodies of all requests may take together, beyond the first few of each. */
final class BodyMemory {

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  BodyMemory(long limit) {
    this.limit = limit;
  }

  long limit() {
    return limit;
  }

  long taken() {
    return taken.get();
  }

  /** Takes so many bytes, or none if they are not there. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) > limit) {
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
