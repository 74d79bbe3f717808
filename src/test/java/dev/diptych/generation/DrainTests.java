package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.ModelUnavailable;
import dev.diptych.model.GenerationDefaults;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrainTests {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final FakeDecoder decoder = new FakeDecoder(400);
  private final TextGenerator generator =
      new TextGenerator(
          decoder,
          new LetterTokenizer(),
          GenerationDefaults.endingWith(Set.of()),
          TextGeneratorTests.settings(8, 4, 4_000),
          "fake",
          "float32",
          "cpu");

  @AfterEach
  void close() {
    decoder.release();
    generator.close();
  }

  @Test
  void drainLetsRunningOnesFinishAndRefusesNewOnes() throws Exception {
    decoder.byHand();
    Generation running = generator.start(GenerationRequest.greedy("Hello", 5));
    Thread drain = Thread.ofVirtual().start(() -> drain(LONG));
    decoder.release();
    drain.join();

    assertThat(running.result().completion().tokens()).hasSize(5);
    assertThatThrownBy(() -> generator.start(GenerationRequest.greedy("Hello", 5)))
        .isInstanceOf(ModelUnavailable.class)
        .hasMessageContaining("shutting down");
  }

  @Test
  void afterTheDrainRunningOnesAreToldSo() throws Exception {
    decoder.byHand();
    Generation running = generator.start(GenerationRequest.greedy("Hello", 300));
    decoder.step(1);
    assertThat(running.next(LONG)).isNotNull();
    Thread drain = Thread.ofVirtual().start(() -> drain(Duration.ZERO));
    GenerationEvent event;
    do {
      decoder.step(1);
      event = running.next(Duration.ofMillis(100));
    } while (!(event instanceof GenerationEvent.Failed));
    drain.join();

    assertThat(event)
        .isInstanceOfSatisfying(
            GenerationEvent.Failed.class,
            failed -> assertThat(failed.reason()).hasMessageContaining("shutting down"));
  }

  /** The model's memory is freed behind it, which must not happen under a running step. */
  @Test
  void closingWaitsForTheStepThatRunsEvenWhenInterrupted() throws Exception {
    decoder.byHand();
    Generation running = generator.start(GenerationRequest.greedy("Hello", 300));
    decoder.step(1);
    assertThat(running.next(LONG)).isNotNull();
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread closing =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  generator.close();
                  stillInterrupted.set(Thread.currentThread().isInterrupted());
                });
    assertThat(closing.join(Duration.ofMillis(300))).as("closed during a step").isFalse();
    decoder.release();
    closing.join();

    assertThat(stillInterrupted).isTrue();
  }

  private void drain(Duration patience) {
    try {
      generator.drain(patience);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
