package dev.diptych.model;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The requests that use a model, from when they get its engine until they are answered. */
public final class Users {

  private int present;
  private long lastLeft = System.nanoTime();

  synchronized void enter() {
    present++;
  }

  synchronized void leave() {
    present--;
    lastLeft = System.nanoTime();
    notifyAll();
  }

  /** Begins to count anew how long nobody was there. */
  synchronized void touch() {
    lastLeft = System.nanoTime();
  }

  /** Whether nobody is there, and nobody was for so long. */
  public synchronized boolean areGoneFor(Duration idle) {
    return present == 0 && System.nanoTime() - lastLeft >= idle.toNanos();
  }

  /** Waits until nobody is there, at most so long: whether nobody is. */
  public synchronized boolean awaitNobody(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    long left = end - System.nanoTime();
    while (present > 0 && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return present == 0;
  }
}
