package dev.diptych.tokenization;

import dev.diptych.InferenceFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Platform threads for work on text, one per processor and two at least, as native calls would hold
 * up the carriers of virtual threads. One of them always stays free for short texts.
 */
public final class TextWorkers {

  /** Characters or tokens that are done where they are, as their 0.1 ms are not worth a hop. */
  static final int TINY = 256;

  /** Characters that many texts together have at most to be done one by one. */
  static final int FEW = 1 << 10;

  /** Characters or tokens that take some 10 ms. What has more waits for a place. */
  static final int LONG = 1 << 14;

  private static final TextWorkers SHARED =
      new TextWorkers(Math.max(2, Runtime.getRuntime().availableProcessors()));

  private final int threads;
  private final ExecutorService workers;
  private final Semaphore places;

  /** So many threads, two at least. */
  TextWorkers(int threads) {
    this.threads = threads;
    this.workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("text-", 0).factory());
    this.places = new Semaphore(threads - 1, true);
  }

  /** Those of the process. */
  public static TextWorkers shared() {
    return SHARED;
  }

  /**
   * Does a piece of work: on a worker if the caller is a virtual thread, else where it is.
   *
   * @param size characters or tokens
   * @throws InferenceFailed if the calling thread was interrupted
   */
  public <T> T run(int size, Callable<T> work) {
    if (size <= TINY || !Thread.currentThread().isVirtual()) {
      return here(work);
    }
    return result(size <= LONG ? workers.submit(work) : inAPlace(work));
  }

  /**
   * Does the same work for each of several things, on several workers if they are long.
   *
   * @param size characters or tokens of one
   * @param work must not throw what another thing's failure should go before
   * @return the results in the things' order
   * @throws InferenceFailed if the calling thread was interrupted
   */
  public <I, T> List<T> each(List<I> things, ToIntFunction<I> size, Function<I, T> work) {
    long total = things.stream().mapToLong(size::applyAsInt).sum();
    if (total <= FEW) {
      return things.stream().map(work).toList();
    }
    if (total <= LONG) {
      return result(workers.submit(() -> things.stream().map(work).toList()));
    }
    AtomicInteger next = new AtomicInteger();
    AtomicReferenceArray<T> results = new AtomicReferenceArray<>(things.size());
    Callable<Integer> share =
        () -> {
          int done = 0;
          for (int i = next.getAndIncrement(); i < things.size(); i = next.getAndIncrement()) {
            results.set(i, work.apply(things.get(i)));
            done++;
          }
          return done;
        };
    List<Future<Integer>> shares = new ArrayList<>();
    shares.add(inAPlace(share));
    while (shares.size() < Math.min(threads, things.size()) && places.tryAcquire()) {
      shares.add(leavingThePlace(share));
    }
    shares.forEach(TextWorkers::result);
    List<T> ordered = new ArrayList<>(things.size());
    for (int i = 0; i < things.size(); i++) {
      ordered.add(results.get(i));
    }
    return ordered;
  }

  private <T> Future<T> inAPlace(Callable<T> work) {
    try {
      places.acquire();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return leavingThePlace(work);
  }

  /* The work leaves its place, not the caller, who may stop waiting before. */
  private <T> Future<T> leavingThePlace(Callable<T> work) {
    return workers.submit(
        () -> {
          try {
            return work.call();
          } finally {
            places.release();
          }
        });
  }

  private static <T> T here(Callable<T> work) {
    try {
      return work.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private static InferenceFailed interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new InferenceFailed("the caller was interrupted while a text was tokenized", e);
  }
}
