package dev.diptych.torchscript;

import dev.diptych.model.Progress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs forward passes, of all models in turn, in the order in which they were
 * asked for. Others only help it with parts of a pass, on one core each.
 *
 * <p>OpenMP keeps a pool of workers for every thread that ever ran an operator on several cores.
 * With more workers than cores, of which all but one pool may sleep, libgomp's barriers no longer
 * spin but wait in the kernel, and a step of some hundred small operators takes up to twice its
 * time. With one calling thread there is one pool.
 */
final class InferenceThread implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(InferenceThread.class);

  /*
   * Whatever work throws is kept for who asked for it, without a byte of memory, and the thread goes
   * on: an executor makes an exception of its own, and if there is no memory for that, the caller
   * waits for ever.
   */

  private final BlockingQueue<Work<?>> queue = new LinkedBlockingQueue<>();
  private final Progress progress = new Progress();
  private final LatestCallers callers = new LatestCallers();
  private final ExecutorService helpers =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("inference-helper-", 1).daemon().factory());

  private volatile @Nullable Thread owner; // set once
  private boolean closed; // guarded by this

  /** How the passes get on. */
  Progress progress() {
    return progress;
  }

  /**
   * Runs work there and waits for it, whatever interrupts; its exception is thrown here. Work of
   * that thread may call this too.
   */
  <T> T call(Supplier<T> work) {
    if (Thread.currentThread().equals(owner)) {
      return work.get();
    }
    Work<T> asked = new Work<>(work);
    ask(asked);
    return asked.await();
  }

  /** Whether work of other threads was done a moment ago. */
  boolean isShared() {
    return callers.includeOthers(Thread.currentThread(), System.nanoTime());
  }

  private synchronized void ask(Work<?> work) {
    if (closed) {
      throw new IllegalStateException("the thread of all inference has ended");
    }
    if (owner == null) {
      Thread thread = Thread.ofPlatform().name("inference").daemon().unstarted(this::work);
      owner = thread;
      try {
        thread.start();
      } catch (OutOfMemoryError e) { // the system has no thread to give
        owner = null;
        throw e;
      }
    }
    queue.add(work);
  }

  private void work() {
    boolean goesOn = true;
    while (goesOn) {
      try {
        Work<?> next = queue.take();
        progress.begin();
        try {
          next.run();
        } finally {
          callers.served(next.caller, System.nanoTime());
          progress.end();
        }
        goesOn = !next.isLast();
      } catch (InterruptedException | RuntimeException | Error e) {
        log.error("The thread of all inference goes on", e);
      }
    }
  }

  /**
   * Runs parts of the work of this thread beside each other, the first on this thread itself, as
   * are those that get no thread of their own, and waits for all of them; then an exception of the
   * earliest part that has one is thrown.
   */
  void together(List<Runnable> parts) {
    AtomicInteger left = new AtomicInteger(parts.size());
    Part[] all = parts.stream().map(part -> new Part(part, left)).toArray(Part[]::new);
    boolean[] elsewhere = new boolean[all.length];
    for (int i = 1; i < all.length; i++) {
      try {
        helpers.execute(all[i]);
        elsewhere[i] = true;
      } catch (RuntimeException | OutOfMemoryError _) { // the system has no thread to give
        elsewhere[i] = false;
      }
    }
    for (int i = 0; i < all.length; i++) {
      if (!elsewhere[i]) {
        all[i].run();
      }
    }
    boolean interrupted = false;
    while (left.get() > 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    for (Part part : all) {
      rethrow(part.failure);
    }
  }

  /** Ends the thread when all that was asked for is done. */
  @Override
  public void close() {
    Thread thread;
    synchronized (this) {
      thread = owner;
      if (!closed && thread != null) {
        queue.add(new Work<>(() -> true, true));
      }
      closed = true;
    }
    boolean interrupted = false;
    while (thread != null && thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    helpers.close();
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** Something to run here, and who waits for it. */
  private static final class Work<T> {

    private final Supplier<T> work;
    private final boolean isLast;
    private final Thread caller = Thread.currentThread();
    private @Nullable T result;
    private @Nullable Throwable failure;
    private volatile boolean done;

    Work(Supplier<T> work) {
      this(work, false);
    }

    Work(Supplier<T> work, boolean isLast) {
      this.work = work;
      this.isLast = isLast;
    }

    boolean isLast() {
      return isLast;
    }

    void run() {
      try {
        result = work.get();
      } catch (Throwable e) {
        failure = e;
      } finally {
        done = true;
        LockSupport.unpark(caller);
      }
    }

    T await() {
      boolean interrupted = false;
      while (!done) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      rethrow(failure);
      return Objects.requireNonNull(result);
    }
  }

  /** A part of the work, which runs on any thread. */
  private static final class Part implements Runnable {

    private final Runnable work;
    private final AtomicInteger left;
    private final Thread owner = Thread.currentThread();
    private @Nullable Throwable failure; // written before left

    Part(Runnable work, AtomicInteger left) {
      this.work = work;
      this.left = left;
    }

    @Override
    public void run() {
      try {
        work.run();
      } catch (Throwable e) {
        failure = e;
      } finally {
        if (left.decrementAndGet() == 0) {
          LockSupport.unpark(owner);
        }
      }
    }
  }
}
