package dev.diptych.model;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How a thread gets on with its work, for whoever watches that it does not stand still. One thread
 * tells, any thread asks.
 */
public final class Progress {

  private final AtomicLong marks = new AtomicLong(); // odd while at work

  /** A piece of work begins. */
  public void begin() {
    marks.setRelease(marks.getPlain() + 1);
  }

  /** It has ended. */
  public void end() {
    marks.setRelease(marks.getPlain() + 1);
  }

  /** It goes on with its next part. */
  public void goOn() {
    marks.setRelease(marks.getPlain() + 2);
  }

  /** A number that changes with each call of the others, and is odd during a piece of work. */
  public long marks() {
    return marks.getAcquire();
  }
}
