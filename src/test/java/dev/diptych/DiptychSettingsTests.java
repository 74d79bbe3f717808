package dev.diptych;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class DiptychSettingsTests {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withUserConfiguration(Configuration.class);

  @Test
  void hasDefaultsForEverything() {
    with(
        settings -> {
          assertThat(settings.models())
              .isEqualTo(
                  new DiptychSettings.Models(
                      "smollm2-135m-instruct",
                      "bert-base-uncased",
                      "all-minilm-l6-v2",
                      "",
                      "",
                      "",
                      "",
                      "",
                      Path.of("models"),
                      true,
                      Path.of("models/catalog.yml"),
                      false,
                      "https://huggingface.co",
                      null,
                      null,
                      "auto",
                      "auto",
                      "auto",
                      Duration.ZERO));
          assertThat(settings.generation())
              .isEqualTo(
                  new DiptychSettings.Generation(
                      128,
                      32,
                      0,
                      0,
                      100,
                      2048,
                      true,
                      4,
                      1000,
                      20,
                      8,
                      64,
                      8,
                      DataSize.ofGigabytes(2),
                      DataSize.ofBytes(0),
                      Duration.ofSeconds(20),
                      Duration.ofSeconds(10)));
          assertThat(settings.encoding())
              .isEqualTo(
                  new DiptychSettings.Encoding(512, 32, 1000, 4096, true, DataSize.ofBytes(0)));
          assertThat(settings.decisions())
              .isEqualTo(
                  new DiptychSettings.Decisions(
                      DiptychSettings.Decisions.Half.DECODER, 2, 200, 262_144));
          assertThat(settings.http())
              .isEqualTo(
                  new DiptychSettings.Http(
                      DataSize.ofBytes(2_000_000),
                      DataSize.ofMegabytes(64),
                      Duration.ofSeconds(30),
                      Duration.ofSeconds(30),
                      Duration.ZERO,
                      List.of(
                          "http://localhost:[*]",
                          "https://localhost:[*]",
                          "http://127.0.0.1:[*]",
                          "https://127.0.0.1:[*]",
                          "http://[::1]:[*]",
                          "https://[::1]:[*]"),
                      List.of(),
                      true,
                      "",
                      false));
          assertThat(settings.inference())
              .isEqualTo(new DiptychSettings.Inference(Duration.ofMinutes(10)));
        });
  }

  @Test
  void mapsEveryProperty() {
    with(
        settings ->
            assertThat(settings)
                .isEqualTo(
                    new DiptychSettings(
                        new DiptychSettings.Models(
                            "org/decoder@main",
                            "org/filler",
                            "",
                            "org/sparse",
                            "org/classifier",
                            "org/ranker",
                            "org/tagger",
                            "org/answerer",
                            Path.of("/srv/models"),
                            false,
                            Path.of("/srv/catalog.yml"),
                            true,
                            "https://hub.example",
                            "secret",
                            Path.of("/srv/cache"),
                            "cuda:1",
                            "int8",
                            "pytorch",
                            Duration.ofSeconds(23)),
                        new DiptychSettings.Generation(
                            1,
                            2,
                            3,
                            4,
                            5,
                            19,
                            false,
                            6,
                            18,
                            7,
                            8,
                            9,
                            10,
                            DataSize.ofMegabytes(10),
                            DataSize.ofMegabytes(20),
                            Duration.ofSeconds(11),
                            Duration.ofSeconds(12)),
                        new DiptychSettings.Encoding(
                            13, 14, 17, 15, false, DataSize.ofMegabytes(16)),
                        new DiptychSettings.Decisions(
                            DiptychSettings.Decisions.Half.ENCODER, 3, 21, 22),
                        new DiptychSettings.Http(
                            DataSize.ofBytes(16),
                            DataSize.ofMegabytes(17),
                            Duration.ofSeconds(18),
                            Duration.ofSeconds(19),
                            Duration.ofSeconds(20),
                            List.of("https://a.example", "https://*.b.example:[*]"),
                            List.of("key-of-alice", "key-of-bob"),
                            false,
                            "http://collector:4318",
                            true),
                        new DiptychSettings.Inference(Duration.ofSeconds(17)))),
        "decisions.default=encoder",
        "decisions.rotations=3",
        "decisions.max-questions=21",
        "decisions.max-tokens=22",
        "inference.step-timeout=17s",
        "generation.max-stop-characters=18",
        "models.generate=org/decoder@main",
        "models.fill-mask=org/filler",
        "models.embed=",
        "models.embed-sparse=org/sparse",
        "models.classify=org/classifier",
        "models.rank=org/ranker",
        "models.tag=org/tagger",
        "models.answer=org/answerer",
        "models.store=/srv/models",
        "models.keep-prepared=false",
        "models.catalog=/srv/catalog.yml",
        "models.offline=true",
        "models.hub-endpoint=https://hub.example",
        "models.hub-token=secret",
        "models.hub-cache=/srv/cache",
        "models.device=cuda:1",
        "models.precision=int8",
        "models.backend=pytorch",
        "models.idle-timeout=23s",
        "generation.max-concurrent-requests=1",
        "generation.max-batch-sequences=2",
        "generation.max-input-tokens=3",
        "generation.max-total-tokens=4",
        "generation.default-max-new-tokens=5",
        "generation.default-max-chat-tokens=19",
        "generation.reasoning-content=false",
        "generation.max-stop-sequences=6",
        "generation.max-top-n-tokens=7",
        "generation.max-best-of=8",
        "generation.prefill-chunk-tokens=9",
        "generation.prompt-lookup-tokens=10",
        "generation.cache-memory=10MB",
        "generation.answer-memory=20MB",
        "generation.drain=11s",
        "generation.heartbeat=12s",
        "encoding.max-concurrent-requests=13",
        "encoding.max-client-batch-size=14",
        "encoding.max-ranked-texts=17",
        "encoding.max-batch-tokens=15",
        "encoding.auto-truncate=false",
        "encoding.answer-memory=16MB",
        "http.max-body-size=16B",
        "http.body-memory=17MB",
        "http.read-timeout=18s",
        "http.write-timeout=19s",
        "http.request-timeout=20s",
        "http.cors-origins=https://a.example,https://*.b.example:[*]",
        "http.api-keys=key-of-alice, key-of-bob",
        "http.metrics-open=false",
        "http.traces-endpoint=http://collector:4318",
        "http.log-requests=true");
  }

  @Test
  void neverTellsAKey() {
    with(
        settings -> {
          assertThat(settings.http().apiKeys()).containsExactly("key-of-alice");
          assertThat(settings.toString()).contains("apiKeys=1 of them").doesNotContain("alice");
        },
        "http.api-keys=key-of-alice");
    with(settings -> assertThat(settings.http().apiKeys()).isEmpty(), "http.api-keys=");
  }

  @ParameterizedTest
  @CsvSource({
    "models.device, gpu, device",
    "models.precision, fp16, precision",
    "models.backend, torch, backend",
    "models.hub-endpoint, '', hubEndpoint",
    "generation.max-concurrent-requests, 0, maxConcurrentRequests",
    "generation.max-batch-sequences, 1025, maxBatchSequences",
    "generation.max-input-tokens, -1, maxInputTokens",
    "generation.max-best-of, 129, maxBestOf",
    "generation.prompt-lookup-tokens, -1, promptLookupTokens",
    "generation.prompt-lookup-tokens, 17, promptLookupTokens",
    "generation.cache-memory, much, cache-memory",
    "generation.drain, a while, drain",
    "encoding.max-client-batch-size, 0, maxClientBatchSize",
    "encoding.max-ranked-texts, 0, maxRankedTexts",
    "encoding.max-batch-tokens, many, max-batch-tokens",
    "http.max-body-size, huge, max-body-size",
    "http.request-timeout, -1s, request-timeout",
  })
  void refusesToStartWithABadValueAndNamesIt(String property, String value, String named) {
    runner
        .withPropertyValues("diptych.%s=%s".formatted(property, value))
        .run(
            context -> {
              assertThat(context).hasFailed();
              assertThat(context.getStartupFailure()).hasStackTraceContaining(named);
            });
  }

  @Test
  void refusesToStartWithSettingsThatContradictEachOther() {
    runner
        .withPropertyValues(
            "diptych.generation.max-input-tokens=100", "diptych.generation.max-total-tokens=100")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("max-input-tokens must be below max-total-tokens"));
    with(
        settings -> assertThat(settings.generation().maxTotalTokens()).isEqualTo(100),
        "generation.max-input-tokens=99",
        "generation.max-total-tokens=100");
  }

  @Test
  void knowsWhichNamesModelsCannotHave() {
    assertThat(DiptychSettings.Models.NAMES)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(DiptychSettings.Models.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList());
  }

  @Test
  void neverPrintsTheToken() {
    with(
        settings -> assertThat(settings.toString()).doesNotContain("hf_verysecret"),
        "models.hub-token=hf_verysecret");
  }

  private void with(Consumer<DiptychSettings> check, String... properties) {
    ApplicationContextRunner configured = runner;
    for (String property : properties) {
      configured = configured.withPropertyValues("diptych." + property);
    }
    configured.run(
        context -> {
          assertThat(context).hasNotFailed();
          check.accept(context.getBean(DiptychSettings.class));
        });
  }

  @EnableConfigurationProperties(DiptychSettings.class)
  static class Configuration {}
}
