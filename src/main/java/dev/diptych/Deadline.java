package dev.diptych;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Until when a request must be answered. Whatever waits for it on its own thread waits no longer.
 */
public final class Deadline {

  /** The deadline of the request that this thread answers. */
  public static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

  /** No deadline at all. */
  public static final Deadline NONE = new Deadline(Duration.ZERO);

  private static final long FOR_EVER = Long.MAX_VALUE / 2;

  private final Duration allowed;
  private final long end;

  private Deadline(Duration allowed) {
    this.allowed = allowed;
    this.end = System.nanoTime() + allowed.toNanos();
  }

  /** A deadline so long from now; none if that is zero. */
  public static Deadline in(Duration allowed) {
    return allowed.isZero() ? NONE : new Deadline(allowed);
  }

  /** The deadline of the request that this thread answers; none if there is no such request. */
  public static Deadline current() {
    return CURRENT.orElse(NONE);
  }

  /** How long it is until then, at least 0. */
  public long nanoseconds() {
    return allowed.isZero() ? FOR_EVER : Math.max(0, end - System.nanoTime());
  }

  /**
   * Does nothing while there is time.
   *
   * @throws DeadlineExceeded if there is none left
   */
  public void check() {
    if (nanoseconds() == 0) {
      throw exceeded();
    }
  }

  /** What is told when there is no time left. */
  public DeadlineExceeded exceeded() {
    return new DeadlineExceeded(allowed);
  }

  /**
   * Takes the head of a queue when there is one.
   *
   * @throws DeadlineExceeded if there is none in time
   */
  public <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T head = queue.poll(nanoseconds(), TimeUnit.NANOSECONDS);
    if (head == null) {
      throw exceeded();
    }
    check();
    return head;
  }

  /**
   * The head of a queue; null if none came with patience.
   *
   * @throws DeadlineExceeded if no time is left
   */
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration patience)
      throws InterruptedException {
    long wait = Math.min(patience.toNanos(), nanoseconds());
    T head = queue.poll(wait, TimeUnit.NANOSECONDS);
    check();
    return head;
  }
}
