package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TextWorkersTests {

  private final TextWorkers workers = new TextWorkers(2);

  @Test
  void workOfVirtualThreadsIsDoneOnPlatformThreads() throws Exception {
    Callable<Thread> where = () -> workers.run(1000, Thread::currentThread);

    assertThat(onVirtualThread(where).isVirtual()).isFalse();
    assertThat(where.call()).isSameAs(Thread.currentThread());
    assertThat(
            onVirtualThread(() -> workers.run(TextWorkers.TINY, Thread::currentThread)).isVirtual())
        .isTrue();
  }

  @Test
  void longTextsLeaveAWorkerToShortOnes() throws Exception {
    CountDownLatch going = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Callable<Integer> waiting =
        () -> {
          going.countDown();
          end.await();
          return 0;
        };
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> longOnes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        longOnes.add(callers.submit(() -> workers.run(TextWorkers.LONG + 1, waiting)));
      }
      longOnes.add(
          callers.submit(() -> workers.each(List.of(1, 2), _ -> TextWorkers.LONG, _ -> 0).size()));
      going.await();

      assertThat(callers.submit(() -> workers.run(1000, () -> "short")).get()).isEqualTo("short");

      end.countDown();
      for (Future<Integer> one : longOnes) {
        one.get();
      }
    }
  }

  @Test
  void aCallerWhoStopsWaitingDoesNotFreeThePlaceOfWorkThatGoesOn() throws Exception {
    CountDownLatch going = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    List<Throwable> thrown = new ArrayList<>();
    Thread caller =
        Thread.startVirtualThread(
            () -> {
              try {
                workers.run(
                    TextWorkers.LONG + 1,
                    () -> {
                      going.countDown();
                      end.await();
                      return 0;
                    });
              } catch (InferenceFailed e) {
                thrown.add(e);
                left.countDown();
              }
            });
    going.await();
    caller.interrupt();
    left.await();

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> next = callers.submit(() -> workers.run(TextWorkers.LONG + 1, () -> "next"));
      assertThat(callers.submit(() -> workers.run(1000, () -> "short")).get()).isEqualTo("short");
      assertThat(next.isDone()).isFalse();
      end.countDown();
      assertThat(next.get()).isEqualTo("next");
    }
    assertThat(thrown).hasSize(1);
  }

  @Test
  void manyTextsKeepTheirOrder() throws Exception {
    for (int size : new int[] {1, 100, TextWorkers.LONG}) {
      List<Integer> things = IntStream.range(0, 50).boxed().toList();

      assertThat(workers.each(things, _ -> size, thing -> thing * 2))
          .isEqualTo(things.stream().map(thing -> thing * 2).toList());
      assertThat(onVirtualThread(() -> workers.each(things, _ -> size, thing -> thing * 2)))
          .hasSize(50);
    }
  }

  @Test
  void failuresReachTheCaller() {
    for (int size : new int[] {1, 1000, TextWorkers.LONG + 1}) {
      assertThatThrownBy(
              () ->
                  onVirtualThread(
                      () ->
                          workers.run(
                              size,
                              () -> {
                                throw new InvalidInput("not this");
                              })))
          .hasRootCauseInstanceOf(InvalidInput.class);
    }
  }

  private static <T> T onVirtualThread(Callable<T> work)
      throws InterruptedException, ExecutionException {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      return callers.submit(work).get();
    }
  }
}
