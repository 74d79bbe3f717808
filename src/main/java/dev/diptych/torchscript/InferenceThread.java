package dev.diptych.torchscript;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The one thread that runs forward passes, of all models in turn, in the order in which they were
 * asked for.
 *
 * <p>OpenMP keeps a pool of workers for every thread that ever ran an operator on several cores.
 * With more workers than cores, of which all but one pool may sleep, libgomp's barriers no longer
 * spin but wait in the kernel, and a step of some hundred small operators takes up to twice its
 * time. With one calling thread there is one pool.
 */
final class InferenceThread implements AutoCloseable {

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("inference").daemon().factory());

  /** Runs work there and waits for it, whatever interrupts; its exception is thrown here. */
  <T> T call(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, executor).join();
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
  }
}
