package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class TeamTests {

  private static final int PHASES = 200;
  private static final int TASKS = 7;

  @Test
  void everyTaskRunsOnceAndNoneBeforeThePhasesBeforeItAreDone() {
    Team team = new Team();
    AtomicIntegerArray done = new AtomicIntegerArray(PHASES);
    AtomicInteger early = new AtomicInteger();
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      workers.add(CompletableFuture.runAsync(() -> work(team.new Worker(), done, early)));
    }
    workers.forEach(CompletableFuture::join);
    assertThat(early).hasValue(0);
    for (int phase = 0; phase < PHASES; phase++) {
      assertThat(done.get(phase)).isEqualTo(TASKS);
    }
  }

  private static void work(Team.Worker worker, AtomicIntegerArray done, AtomicInteger early) {
    for (int i = 0; i < PHASES; i++) {
      int phase = i;
      worker.phase(
          TASKS,
          _ -> {
            if (phase > 0 && done.get(phase - 1) < TASKS) {
              early.incrementAndGet();
            }
            done.incrementAndGet(phase);
          });
    }
  }

  @Test
  void oneWorkerDoesEverythingIfTheOtherNeverComes() {
    AtomicIntegerArray done = new AtomicIntegerArray(PHASES);
    work(new Team().new Worker(), done, new AtomicInteger());
    assertThat(done.get(PHASES - 1)).isEqualTo(TASKS);
  }

  @Test
  void aFailureEndsAllWorkers() throws InterruptedException {
    Team team = new Team();
    CountDownLatch claimed = new CountDownLatch(1);
    CompletableFuture<Void> failing =
        CompletableFuture.runAsync(
            () ->
                team.new Worker()
                    .phase(
                        1,
                        _ -> {
                          claimed.countDown();
                          throw new IllegalArgumentException("broken");
                        }));
    claimed.await();
    assertThatThrownBy(() -> team.new Worker().phase(1, _ -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another worker");
    assertThatThrownBy(failing::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("broken");
  }
}
