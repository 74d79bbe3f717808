package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InferenceFailed;
import dev.diptych.ModelUnavailable;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.blueprint.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EncoderFailureTests {

  private static final EncoderTask POOLED = new EncoderTask.Pooled(Pooling.MEAN);

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore passes = new Semaphore(0);
  private volatile boolean fatal;
  private final FakeEncoder model = new FakeEncoder(10, this::compute);
  private final EncoderEngine engine = new EncoderEngine("fake", model, 100, 1);

  @AfterEach
  void end() {
    passes.release(1000);
    callers.shutdownNow();
    engine.close();
  }

  @Test
  void anErrorThatEndsTheThreadFailsWhateverWaits() throws Exception {
    List<Future<?>> waiters = waiters(8);
    fatal = true;
    passes.release(1);

    for (Future<?> waiter : waiters) {
      assertThatThrownBy(waiter::get)
          .hasCauseInstanceOf(InferenceFailed.class)
          .hasMessageContaining("the thread of fake has ended");
    }
    while (!engine.hasEnded()) {
      Thread.onSpinWait();
    }
    assertThat(engine.failure()).isInstanceOf(OutOfMemoryError.class);
    assertThat(model.closings()).isEqualTo(1);
    assertThatThrownBy(() -> engine.encode(POOLED, List.of(EncoderInput.of(new int[] {1}))))
        .isInstanceOf(ModelUnavailable.class)
        .hasMessage("fake has failed");
    engine.admit(100).close(); // every place is free again
  }

  @Test
  void anAbandonedEngineFailsWhateverWaitsAndIsClosedWhenItsPassEnds() throws Exception {
    List<Future<?>> waiters = waiters(8);
    engine.abandon(InferenceFailed.known("no end in sight"));

    for (Future<?> waiter : waiters) {
      assertThatThrownBy(waiter::get)
          .hasCauseInstanceOf(InferenceFailed.class)
          .hasMessageContaining("no end in sight");
    }
    engine.close(); // does not wait for the pass
    assertThat(engine.hasEnded()).isFalse();
    assertThat(model.closings()).isZero();
    passes.release(1);
    while (!engine.hasEnded()) {
      Thread.onSpinWait();
    }
    assertThat(model.closings()).isEqualTo(1);
    assertThat(model.batchSizes()).containsExactly(1);
  }

  @Test
  void tellsOfProgressOnlyWhileItComputes() throws Exception {
    assertThat(engine.progress().marks() % 2).isZero();
    Future<?> waiter = waiters(1).getFirst();
    long during = engine.progress().marks();
    assertThat(during % 2).isEqualTo(1);
    passes.release(1);
    waiter.get();
    while (engine.progress().marks() % 2 == 1) {
      Thread.onSpinWait();
    }
    assertThat(engine.progress().marks()).isGreaterThan(during);
  }

  @Test
  void aCloseIsNoFailure() {
    engine.close();

    assertThat(engine.failure()).isNull();
    assertThat(engine.hasEnded()).isTrue();
  }

  /* The first is computed, the others wait. */
  private List<Future<?>> waiters(int count) {
    List<Future<?>> waiters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<EncoderInput> input = List.of(EncoderInput.of(new int[] {i}));
      waiters.add(
          callers.submit(
              () -> {
                try (Permits _ = engine.admit(1)) {
                  return engine.encode(POOLED, input);
                }
              }));
    }
    arrived.acquireUninterruptibly();
    while (engine.waiting() < count - 1) {
      Thread.onSpinWait();
    }
    return waiters;
  }

  private void compute(EncoderBatch batch) {
    arrived.release();
    passes.acquireUninterruptibly();
    if (fatal) {
      throw new WithoutMemory();
    }
  }

  /** A failure that nothing can be said about any more. */
  private static final class WithoutMemory extends Error {
    @Override
    public String getMessage() {
      throw new OutOfMemoryError("injected");
    }
  }
}
