package dev.diptych.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  private final ExecutorService executor = Executors.newSingleThreadExecutor(this::thread);
  private final ExecutorService helpers =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("inference-helper-", 1).daemon().factory());

  private volatile @Nullable Thread owner;

  private Thread thread(Runnable work) {
    Thread thread = Thread.ofPlatform().name("inference").daemon().unstarted(work);
    owner = thread;
    return thread;
  }

  /**
   * Runs work there and waits for it, whatever interrupts; its exception is thrown here. Work of
   * that thread may call this too.
   */
  <T> T call(Supplier<T> work) {
    if (Thread.currentThread().equals(owner)) {
      return work.get();
    }
    return result(CompletableFuture.supplyAsync(work, executor));
  }

  /**
   * Runs parts of the work of this thread beside each other, the first on this thread itself, as
   * are those that get no thread of their own, and waits for all of them; then an exception of the
   * earliest part that has one is thrown.
   */
  void together(List<Runnable> parts) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    List<Runnable> here = new ArrayList<>();
    here.add(parts.getFirst());
    for (Runnable part : parts.subList(1, parts.size())) {
      try {
        all.add(CompletableFuture.runAsync(part, helpers));
      } catch (RuntimeException | OutOfMemoryError _) { // the system has no thread to give
        here.add(part);
      }
    }
    for (int i = 0; i < here.size(); i++) {
      all.add(i, CompletableFuture.runAsync(here.get(i), Runnable::run));
    }
    result(CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)));
  }

  private static <T> T result(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  @Override
  public void close() {
    executor.close();
    helpers.close();
  }
}
