package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class InferenceThreadTests {

  @Test
  void partsRunBesideEachOther() {
    CountDownLatch bothStarted = new CountDownLatch(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Runnable part =
        () -> {
          threads.add(Thread.currentThread());
          bothStarted.countDown();
          await(bothStarted);
        };

    try (InferenceThread inference = new InferenceThread()) {
      inference.together(List.of(part, part));
    }

    assertThat(threads).hasSize(2);
  }

  @Test
  void aPartThatFailsIsReportedWhenAllAreOver() {
    CountDownLatch failing = new CountDownLatch(1);
    AtomicBoolean otherDone = new AtomicBoolean();
    Runnable fails =
        () -> {
          failing.countDown();
          throw new IllegalStateException("no memory");
        };
    Runnable other =
        () -> {
          await(failing);
          otherDone.set(true);
        };

    try (InferenceThread inference = new InferenceThread()) {
      assertThatThrownBy(() -> inference.together(List.of(fails, other)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no memory");
    }

    assertThat(otherDone).isTrue();
  }

  @Test
  void anErrorOfAPartIsKeptWithoutMemory() {
    Error error = new WithoutMemory();
    Runnable fails =
        () -> {
          throw error;
        };

    try (InferenceThread inference = new InferenceThread()) {
      assertThatThrownBy(() -> inference.together(List.of(() -> {}, fails, () -> {})))
          .isSameAs(error);
    }
  }

  @Test
  void anErrorGoesToWhoAskedAndTheThreadGoesOn() {
    Error error = new WithoutMemory();
    try (InferenceThread inference = new InferenceThread()) {
      Thread before = inference.call(Thread::currentThread);
      assertThatThrownBy(
              () ->
                  inference.call(
                      () -> {
                        throw error;
                      }))
          .isSameAs(error);
      assertThat(inference.call(Thread::currentThread)).isSameAs(before);
    }
  }

  @Test
  void waitsForItsWorkWhateverInterrupts() {
    try (InferenceThread inference = new InferenceThread()) {
      Thread.currentThread().interrupt();
      assertThat(inference.call(() -> "done")).isEqualTo("done");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void tellsOfProgressOnlyWhileItComputes() {
    InferenceThread inference = new InferenceThread();
    assertThat(inference.progress().marks()).isZero();
    long during = inference.call(() -> inference.progress().marks());
    assertThat(during % 2).isEqualTo(1);
    inference.close();
    assertThat(inference.progress().marks() % 2).isZero();
    assertThatThrownBy(() -> inference.call(() -> true)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void workOfTheThreadMayAskForMore() {
    try (InferenceThread inference = new InferenceThread()) {
      Thread thread = inference.call(() -> inference.call(Thread::currentThread));
      assertThat(thread.getName()).isEqualTo("inference");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An error of which nothing more can be made. */
  private static final class WithoutMemory extends Error {
    @Override
    public String getMessage() {
      throw new OutOfMemoryError("injected");
    }
  }
}
