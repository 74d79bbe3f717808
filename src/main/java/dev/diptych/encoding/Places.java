package dev.diptych.encoding;

import dev.diptych.Deadline;
import dev.diptych.InferenceFailed;
import dev.diptych.Overloaded;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Places for inputs that wait to be computed or are, given in the order of asking. */
final class Places {

  /*
   * A lone input gets a place at once or is refused. A batch waits for its places, one by one as
   * they become free, but only the first in line collects any: two batches never hold a part each
   * and wait for the rest. A batch that is larger than all places has them all to itself.
   */

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Inputs of batches that may wait for each place that there is. */
  private static final int WAITING_PER_PLACE = 4;

  private final String name;
  private final int total;
  private final Semaphore free;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param name for messages
   * @param total how many there are
   */
  Places(String name, int total) {
    this.name = name;
    this.total = total;
    this.free = new Semaphore(total, true);
  }

  /** Batches that wait for places. */
  int inLine() {
    return free.getQueueLength();
  }

  /**
   * Places for all inputs of a request.
   *
   * @throws Overloaded if a lone input would have to wait, or too many wait already
   */
  Permits take(int inputs) {
    int wanted = Math.min(inputs, total);
    try {
      if (!free.tryAcquire(wanted, 0, TimeUnit.SECONDS)) {
        await(inputs, wanted);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceFailed("the caller was interrupted while it waited", e);
    }
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.getAndSet(false)) {
        free.release(wanted);
      }
    };
  }

  private void await(int inputs, int wanted) throws InterruptedException {
    int inLine = waiting.addAndGet(wanted);
    try {
      if (inputs == 1 || (inLine > wanted && inLine > (long) WAITING_PER_PLACE * total)) {
        throw new Overloaded(
            "%s is overloaded: %d inputs asked for a place, %d of %d are free and %d inputs wait"
                .formatted(name, inputs, free.availablePermits(), total, inLine - wanted),
            RETRY_AFTER);
      }
      Deadline deadline = Deadline.current();
      if (!free.tryAcquire(wanted, deadline.nanoseconds(), TimeUnit.NANOSECONDS)) {
        throw deadline.exceeded();
      }
    } finally {
      waiting.addAndGet(-wanted);
    }
  }
}
