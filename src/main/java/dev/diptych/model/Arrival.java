package dev.diptych.model;

import dev.diptych.Deadline;
import dev.diptych.DeadlineExceeded;
import dev.diptych.InferenceFailed;
import dev.diptych.ModelUnavailable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One try to bring a model into memory, for which others can wait. */
public final class Arrival {

  /** Why a model did not come. */
  public sealed interface Failure {

    /** In words for people outside. */
    String why();
  }

  /** There is not enough memory, which {@code why} tells in numbers. */
  public record WithoutMemory(String why) implements Failure {}

  /** Anything else. */
  public record Other(String why) implements Failure {}

  private final CountDownLatch underWay = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean wasUnderWay;
  private volatile @Nullable Failure failure;

  /** Says that memory is set aside, or a download has begun, so that it takes its time now. */
  public void isUnderWay() {
    wasUnderWay = true;
    underWay.countDown();
  }

  /** Says that the model is there. */
  public void succeeded() {
    end(null);
  }

  /** Says that it is not, and does not come by this try. */
  public void failed(Failure why) {
    end(why);
  }

  private void end(@Nullable Failure why) {
    if (over.getCount() > 0) {
      failure = why;
      over.countDown();
      underWay.countDown();
    }
  }

  /** Whether it failed only later than {@link #isUnderWay}, if it did. */
  public boolean wasUnderWay() {
    return wasUnderWay;
  }

  public boolean isOver() {
    return over.getCount() == 0;
  }

  /** Why it failed; null if it did not, or is not over. */
  public @Nullable Failure failure() {
    return failure;
  }

  /**
   * Waits until it is under way, or over.
   *
   * @throws DeadlineExceeded if the request has no time left
   */
  public void awaitUnderWay() throws InterruptedException {
    await(underWay);
  }

  /**
   * Waits until it is over.
   *
   * @throws DeadlineExceeded if the request has no time left
   */
  public void awaitEnd() throws InterruptedException {
    await(over);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    Deadline deadline = Deadline.current();
    if (!latch.await(deadline.nanoseconds(), TimeUnit.NANOSECONDS)) {
      throw deadline.exceeded();
    }
  }

  /* For a request that needs the model. */
  void awaitFor(String name) {
    try {
      awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceFailed("the caller was interrupted while it waited for " + name, e);
    }
    Failure known = failure;
    if (known != null) {
      throw new ModelUnavailable(
          "%s could not be loaded again: %s".formatted(name, known.why()), Served.AFTER_FAILURE);
    }
  }
}
