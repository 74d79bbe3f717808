package dev.diptych.http.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychSettings;
import dev.diptych.ModelUnavailable;
import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.LetterTokenizer;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

@Timeout(30)
class DrainBeforeShutdownTests {

  private final FakeDecoder decoder = new FakeDecoder(2_000).byHand();

  @Test
  void runningGenerationsGetALastEventWhenTheirTimeIsUp() throws Exception {
    DiptychSettings settings = settings("0s");
    try (TextGenerator generator = generator(settings)) {
      Generation running = generator.start(GenerationRequest.greedy("Hello", 1900));
      decoder.step(1);
      assertThat(running.next(Duration.ofSeconds(10))).isNotNull();

      CountDownLatch done = stop(generator, settings);
      GenerationEvent event;
      do { // the stop comes between two of these steps
        decoder.step(1);
        event = running.next(Duration.ofMillis(100));
      } while (!(event instanceof GenerationEvent.Failed));

      assertThat(event)
          .isInstanceOfSatisfying(
              GenerationEvent.Failed.class,
              failed ->
                  assertThat(failed.reason())
                      .isInstanceOf(ModelUnavailable.class)
                      .hasMessageContaining("shutting down"));
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void runningGenerationsFinishWithinTheirTime() throws Exception {
    DiptychSettings settings = settings("20s");
    try (TextGenerator generator = generator(settings)) {
      Generation running = generator.start(GenerationRequest.greedy("Hello", 20));

      CountDownLatch done = stop(generator, settings);
      decoder.release();

      assertThat(running.result().completion().tokens()).isNotEmpty();
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aModelThatNeverCameIsNoHindrance() throws Exception {
    DrainBeforeShutdown drain =
        new DrainBeforeShutdown(
            ServedModels.of(new Served<>(Role.GENERATE, "coming")), settings("20s"));
    CountDownLatch done = new CountDownLatch(1);

    drain.start();
    drain.stop(done::countDown);

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(drain.isRunning()).isFalse();
  }

  private TextGenerator generator(DiptychSettings settings) {
    return new TextGenerator(
        decoder,
        new LetterTokenizer(),
        GenerationDefaults.endingWith(Set.of()),
        settings.generation(),
        "fake",
        "float32",
        "cpu");
  }

  private static CountDownLatch stop(TextGenerator generator, DiptychSettings settings) {
    Served<TextGenerator> served = new Served<>(Role.GENERATE, "fake");
    served.become(new Served.Ready<>(generator));
    CountDownLatch done = new CountDownLatch(1);
    new DrainBeforeShutdown(ServedModels.of(served), settings).stop(done::countDown);
    return done;
  }

  private static DiptychSettings settings(String drain) {
    return new Binder(new MapConfigurationPropertySource(Map.of("diptych.generation.drain", drain)))
        .bindOrCreate("diptych", DiptychSettings.class);
  }
}
