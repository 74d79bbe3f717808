package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychSettings;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.LetterTokenizer;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.FakeLifeCycle;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Progress;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tasks.Tagger;
import dev.diptych.tasks.TextClassifier;
import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.DecisionLimits;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/** An engine that dies under load, as clients see it. */
@Timeout(60)
@SpringBootTest(
    classes = EngineFailureHttpTests.Application.class,
    webEnvironment = WebEnvironment.RANDOM_PORT)
class EngineFailureHttpTests {

  private static final String BODY =
      "{\"inputs\":\"client %d\",\"parameters\":{\"max_new_tokens\":1000}}";
  private static final int CLIENTS = 16;
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(3);

  @LocalServerPort private int port;
  @Autowired private Models models;
  @Autowired private Served<TextGenerator> served;

  @Test
  void waitersAreToldHealthTurnsRedAndTheModelComesBack() throws Exception {
    HttpCaller http = new HttpCaller(port);
    models.load();
    assertThat(http.get("/health").statusCode()).isEqualTo(200);
    List<Future<HttpResponse<String>>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        String path = i % 2 == 0 ? "/generate" : "/generate_stream";
        String body = BODY.formatted(i);
        clients.add(threads.submit(() -> http.post(path, body)));
      }
      while (served.engine().activeGenerations() < CLIENTS) {
        Thread.onSpinWait();
      }
      models.decoder.failWith(new WithoutMemory());
      models.decoder.release();

      int told = 0;
      for (Future<HttpResponse<String>> client : clients) {
        HttpResponse<String> answer = client.get();
        if (answer.statusCode() == 503) { // had its permit, and had not come to the engine yet
          assertThat(answer.headers().firstValue("Retry-After")).isPresent();
          continue;
        }
        told++;
        assertThat(answer.statusCode()).isEqualTo(424);
        assertThat(answer.body())
            .isEqualTo(
                "{\"error\":\"Request failed during generation: the thread of fake has ended\","
                    + "\"error_type\":\"generation\"}");
      }
      assertThat(told).isPositive();
    }
    while (http.get("/health").statusCode() != 503) {
      Thread.onSpinWait();
    }
    assertThat(http.get("/health").body()).contains("its thread has ended by OutOfMemoryError");
    assertThat(http.get("/info").body()).contains("\"state\":\"failed\"");
    assertThat(http.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    assertThat(http.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = http.post("/generate", BODY.formatted(0));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();

    models.mayBeLoadedAgain.release();
    while (http.get("/health").statusCode() != 200) {
      Thread.onSpinWait();
    }
    models.decoder.release();
    assertThat(http.post("/generate", BODY.formatted(0)).statusCode()).isEqualTo(200);
  }

  @Test
  void aStepThatDoesNotEndTurnsLivenessRedAndItsWaitersAreTold() throws Exception {
    HttpCaller http = new HttpCaller(port);
    models.load();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> client =
          threads.submit(() -> http.post("/generate", BODY.formatted(0)));

      HttpResponse<String> answer = client.get();
      assertThat(answer.statusCode()).isEqualTo(424);
      assertThat(answer.body()).contains("a step has not ended for 3s");
    }
    assertThat(http.get("/actuator/health/liveness").statusCode()).isEqualTo(503);
    assertThat(http.get("/health").statusCode()).isEqualTo(503);
    assertThat(http.post("/generate", BODY.formatted(0)).statusCode()).isEqualTo(503);
    FakeDecoder hung = models.decoder;
    hung.release();
    models.mayBeLoadedAgain.release();
    while (http.get("/health").statusCode() != 200) {
      Thread.onSpinWait();
    }
    assertThat(http.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    assertThat(hung.isClosed()).isTrue();
  }

  /** Loads generators on decoders that are stepped by hand. */
  static final class Models implements AutoCloseable {

    final Semaphore mayBeLoadedAgain = new Semaphore(0);
    private final Served<TextGenerator> served;
    private final DiptychSettings settings;
    private final EngineWatch watch;
    volatile FakeDecoder decoder = new FakeDecoder(2_000);

    Models(Served<TextGenerator> served, DiptychSettings settings) {
      this.served = served;
      this.settings = settings;
      this.watch =
          new EngineWatch(
              STEP_TIMEOUT,
              new Progress(),
              _ ->
                  Thread.startVirtualThread(
                      () -> {
                        mayBeLoadedAgain.acquireUninterruptibly();
                        load();
                      }));
      watch.start();
    }

    void load() {
      decoder = new FakeDecoder(2_000).byHand();
      TextGenerator generator =
          new TextGenerator(
              decoder,
              new LetterTokenizer(),
              GenerationDefaults.endingWith(Set.of()),
              settings.generation(),
              "fake",
              "float32",
              "cpu");
      served.become(new Served.Ready<>(generator));
      watch.add(
          new ServedEngine(
              NamedModel.of("fake", Role.GENERATE),
              List.of(served),
              generator.engine(),
              generator));
    }

    @Override
    public void close() {
      watch.stop();
      decoder.release();
    }
  }

  /** An error of which nothing more can be made. */
  private static final class WithoutMemory extends Error {
    @Override
    public String getMessage() {
      throw new OutOfMemoryError("injected");
    }
  }

  @EnableAutoConfiguration
  @EnableConfigurationProperties(DiptychSettings.class)
  @ComponentScan(
      basePackages = "dev.diptych.http",
      excludeFilters = @Filter(type = FilterType.REGEX, pattern = ".*Test(s|Application)(\\$.*)?"))
  static class Application {

    @Bean
    FakeLifeCycle lifeCycle() {
      return new FakeLifeCycle();
    }

    @Bean
    Served<TextGenerator> served() {
      return new Served<>(Role.GENERATE, "fake");
    }

    @Bean
    Served<MaskFiller> maskFiller() {
      return new Served<>(Role.FILL_MASK, "");
    }

    @Bean
    Served<Embedder> embedder() {
      return new Served<>(Role.EMBED, "");
    }

    @Bean
    Models loadedModels(Served<TextGenerator> served, DiptychSettings settings) {
      return new Models(served, settings);
    }

    @Bean
    ServedModels<TextGenerator> generatorModels(Served<TextGenerator> served) {
      return ServedModels.of(served);
    }

    @Bean
    ServedModels<MaskFiller> maskFillerModels(Served<MaskFiller> served) {
      return ServedModels.of(served);
    }

    @Bean
    ServedModels<TextClassifier> classifierModels() {
      return ServedModels.of(new Served<>(Role.CLASSIFY, ""));
    }

    @Bean
    ServedModels<Tagger> taggerModels() {
      return ServedModels.of(new Served<>(Role.TAG, ""));
    }

    @Bean
    ServedModels<QuestionAnswerer> answererModels() {
      return ServedModels.of(new Served<>(Role.ANSWER, ""));
    }

    @Bean
    ServedModels<SparseEmbedder> sparseEmbedderModels() {
      return ServedModels.of(new Served<>(Role.EMBED_SPARSE, ""));
    }

    @Bean
    ServedModels<Ranker> rankerModels() {
      return ServedModels.of(new Served<>(Role.RANK, ""));
    }

    @Bean
    Deciders deciders(ServedModels<TextGenerator> generators, DiptychSettings settings) {
      return new Deciders(
          generators,
          new ServedModels<>(Role.CLASSIFY, List.of()),
          new ServedModels<>(Role.FILL_MASK, List.of()),
          new ServedModels<>(Role.EMBED, List.of()),
          settings.decisions().half(),
          DecisionLimits.of(settings.decisions()));
    }

    @Bean
    ServedModels<Embedder> embedderModels(Served<Embedder> served) {
      return ServedModels.of(served);
    }
  }
}
