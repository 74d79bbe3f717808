package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InferenceFailed;
import dev.diptych.ModelUnavailable;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.model.WatchedEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EngineFailureTests {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final FakeDecoder decoder = new FakeDecoder(400).byHand();
  private final TextGenerator generator =
      new TextGenerator(
          decoder,
          new LetterTokenizer(),
          GenerationDefaults.endingWith(Set.of()),
          TextGeneratorTests.settings(8, 2, 4_000),
          "fake",
          "float32",
          "cpu");
  private final WatchedEngine engine = generator.engine();

  @AfterEach
  void close() {
    decoder.release();
    callers.shutdownNow();
    generator.close();
    assertThat(generator.activeGenerations()).isZero();
  }

  @Test
  void anErrorThatEndsTheThreadFailsWhateverRunsAndWaits() {
    List<Future<?>> waiters = waiters(8);
    decoder.failWith(new WithoutMemory());
    decoder.step(1);

    for (Future<?> waiter : waiters) {
      assertThatThrownBy(waiter::get)
          .hasCauseInstanceOf(InferenceFailed.class)
          .hasMessageContaining("the thread of fake has ended");
    }
    while (!engine.hasEnded()) {
      Thread.onSpinWait();
    }
    assertThat(engine.failure()).isInstanceOf(OutOfMemoryError.class);
    assertThat(generator.activeGenerations()).isZero();
    assertThatThrownBy(() -> generator.start(GenerationRequest.greedy("Hello", 5)))
        .isInstanceOf(ModelUnavailable.class)
        .hasMessage("the model has failed");
  }

  @Test
  void anErrorThatCanBeToldCostsOnlyTheSequencesOfItsStep() throws Exception {
    decoder.failWith(new OutOfMemoryError("injected"));
    Future<?> waiter = waiters(1).getFirst();
    decoder.step(1);
    assertThatThrownBy(waiter::get).hasCauseInstanceOf(InferenceFailed.class);
    decoder.failWith(null);
    decoder.release();

    try (Generation next = generator.start(GenerationRequest.greedy("Hello", 3))) {
      assertThat(next.result().completion().tokens()).hasSize(3);
    }
    assertThat(engine.failure()).isNull();
  }

  @Test
  void anAbandonedEngineFailsWhateverWaitsAndIsClosedWhenItsStepEnds() throws Exception {
    Generation stream = generator.start(GenerationRequest.greedy("Stream", 300));
    decoder.step(1);
    assertThat(stream.next(LONG)).isInstanceOf(GenerationEvent.Token.class);
    List<Future<?>> waiters = waiters(7);
    engine.abandon(InferenceFailed.known("no end in sight"));

    for (Future<?> waiter : waiters) {
      assertThatThrownBy(waiter::get)
          .hasCauseInstanceOf(InferenceFailed.class)
          .hasMessageContaining("no end in sight");
    }
    assertThat(stream.next(LONG)).isInstanceOf(GenerationEvent.Failed.class);
    assertThat(generator.activeGenerations()).isZero();
    generator.close(); // does not wait for the step
    assertThat(decoder.isClosed()).isFalse();
    decoder.release();
    while (!engine.hasEnded()) {
      Thread.onSpinWait();
    }
    generator.close();
    assertThat(decoder.isClosed()).isTrue();
  }

  @Test
  void tellsOfProgressOnlyWhileItComputes() throws Exception {
    assertThat(engine.progress().marks() % 2).isZero();
    Future<?> waiter = waiters(1).getFirst();
    while (engine.progress().marks() % 2 == 0) {
      Thread.onSpinWait();
    }
    decoder.release();
    waiter.get();
    while (engine.progress().marks() % 2 == 1) {
      Thread.onSpinWait();
    }
    assertThat(engine.progress().marks()).isGreaterThan(2);
  }

  @Test
  void aCloseIsNoFailure() {
    decoder.release();
    generator.close();

    assertThat(engine.failure()).isNull();
    assertThat(engine.hasEnded()).isTrue();
  }

  private List<Future<?>> waiters(int count) {
    List<Future<?>> waiters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Generation waiting = generator.start(GenerationRequest.greedy("waiter " + i, 100));
      waiters.add(
          callers.submit(
              () -> {
                try (Generation generation = waiting) {
                  return generation.result();
                }
              }));
    }
    return waiters;
  }

  /** A failure that nothing can be said about any more. */
  private static final class WithoutMemory extends Error {
    @Override
    public String getMessage() {
      throw new OutOfMemoryError("injected");
    }
  }
}
