package dev.diptych.kernel;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Workers that run the same phases one after the other and share out the tasks of each. A worker
 * that comes late finds what is left; nobody waits for it as long as it has no task.
 */
final class Team {

  /*
   * Tasks of all phases are numbered through. A worker claims the next number as long as it belongs
   * to its phase and waits until all of them are done. The two counters lie apart, as every write to
   * one takes its cache line from the other cores.
   */

  private static final int CLAIMED = 16;
  private static final int DONE = 48;
  private static final int SIZE = 64;
  private static final int SPINS = 1000; // some microseconds
  private static final int YIELDS = 1000; // to whom this core is needed by, such as a worker
  private static final int PAUSE_NANOS = 20_000;

  private final AtomicLongArray counters = new AtomicLongArray(SIZE);
  private volatile @Nullable Throwable failure;

  /** A task of a phase. */
  interface Task {
    void run(int number);
  }

  /** What one worker, on one thread, goes through the phases with. */
  final class Worker {

    private long end;

    /**
     * A phase: returns when all its tasks are done, by whomever.
     *
     * @throws IllegalStateException if a task of another worker failed
     */
    void phase(int tasks, Task task) {
      long begin = end;
      end = begin + tasks;
      long next = counters.get(CLAIMED);
      while (next < end) {
        if (counters.compareAndSet(CLAIMED, next, next + 1)) {
          run(task, (int) (next - begin));
        }
        next = counters.get(CLAIMED);
      }
      awaitEnd();
    }

    private void run(Task task, int number) {
      try {
        task.run(number);
      } catch (RuntimeException | Error e) {
        failure = e;
        throw e;
      }
      counters.incrementAndGet(DONE);
    }

    @SuppressWarnings("ThreadPriorityCheck") // yields only to be fast, not to be right
    private void awaitEnd() {
      int spins = 0;
      while (counters.get(DONE) < end) {
        Throwable cause = failure;
        if (cause != null) {
          throw new IllegalStateException("another worker of the step failed: " + cause, cause);
        }
        if (++spins <= SPINS) {
          Thread.onSpinWait();
        } else if (spins <= SPINS + YIELDS) {
          Thread.yield();
        } else {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }
}
