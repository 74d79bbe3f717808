package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.DiptychSettings;
import dev.diptych.Platform;
import dev.diptych.encoding.EmbedInput;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Permits;
import dev.diptych.encoding.SentenceVectors;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.TruncationDirection;
import dev.diptych.encoding.VectorOptions;
import dev.diptych.metrics.EngineMetrics;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Role;
import dev.diptych.model.SentenceEmbedding;
import dev.diptych.model.VectorStep;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.tokenization.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The modules of whole checkpoints, beside what sentence-transformers computes with them. */
class SentenceVectorsTests {

  private static final Path MODULES = Path.of("src/test/resources/sentence-transformers");
  private static final Path MODELS = Path.of("src/test/resources/families");
  private static final int HIDDEN = 64;

  private static final DiptychSettings SETTINGS =
      new Binder(
              new MapConfigurationPropertySource(
                  Map.of(
                      "diptych.models.precision", "float32",
                      "diptych.models.device", "cpu",
                      "diptych.models.keep-prepared", "false")))
          .bindOrCreate("diptych", DiptychSettings.class);

  @TempDir private Path folder;
  private JsonNode reference = new JsonMapper().nullNode();

  private void copy(String name) throws IOException {
    reference = new JsonMapper().readTree(MODULES.resolve(name).resolve("reference.json").toFile());
    copy(MODELS.resolve(reference.get("base").stringValue()));
    copy(MODULES.resolve(name));
  }

  private void copy(Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = folder.resolve(from.relativize(file));
        Files.createDirectories(target.resolveSibling("."));
        Files.write(target, Files.readAllBytes(file));
      }
    }
  }

  private static NamedModel exact(String name) {
    return new NamedModel(name, List.of(), name, Set.of(Role.EMBED), false, "float32", "pytorch");
  }

  private float[][] vectors(Embedder embedder, String prompt, VectorOptions options) {
    List<EmbedInput> inputs =
        reference
            .get("texts")
            .valueStream()
            .<EmbedInput>map(text -> new EmbedInput.Text(text.stringValue()))
            .toList();
    TextOptions text =
        new TextOptions(null, TruncationDirection.RIGHT, prompt.isEmpty() ? null : prompt);
    return embedder.embed(inputs, text, options, Permits::close).vectors();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma-like", "many", "last-first"})
  void vectorsAreThoseOfSentenceTransformers(String name) throws IOException {
    copy(name);
    Blueprint blueprint = BlueprintReader.read(folder);
    boolean unit = SentenceEmbedding.read(folder).steps().getLast() instanceof VectorStep.Normalize;
    try (Tokenizers tokenizers = new Tokenizers()) {
      EncoderStartup startup =
          new EncoderStartup(
              SETTINGS,
              tokenizers,
              new Torch(SETTINGS, Platform.current()),
              EngineMetrics.unseen(),
              MemoryPlan.ofThisMachine());
      try (Embedder embedder =
          startup.embedder(startup.load(exact(name), folder, blueprint, () -> {}))) {
        for (String prompt : reference.get("vectors").propertyNames()) {
          float[][] vectors = vectors(embedder, prompt, new VectorOptions(unit, null));
          for (int i = 0; i < vectors.length; i++) {
            JsonNode expected = reference.get("vectors").get(prompt).get(i);
            assertThat(vectors[i]).hasSize(expected.size()).hasSize(embedder.width());
            for (int channel = 0; channel < expected.size(); channel++) {
              assertThat(vectors[i][channel])
                  .isEqualTo(expected.get(channel).floatValue(), within(1e-4f));
            }
          }
          float[] first = vectors(embedder, prompt, new VectorOptions(false, 5))[0];
          float[] whole = vectors(embedder, prompt, new VectorOptions(false, null))[0];
          assertThat(first).isEqualTo(Arrays.copyOf(whole, 5));
        }
      }
    }
  }

  @BeforeEach
  void aModel() throws IOException {
    copy("gemma-like");
  }

  private SentenceVectors read() throws IOException {
    return SentenceVectorsReader.read(folder, SentenceEmbedding.read(folder), HIDDEN);
  }

  private void isRefused(String... message) {
    assertThatIOException()
        .isThrownBy(this::read)
        .withMessageContainingAll(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(folder.toString()));
  }

  private void replace(String file, String from, String to) throws IOException {
    Path path = folder.resolve(file);
    String content = Files.readString(path);
    assertThat(content).contains(from);
    Files.writeString(path, content.replace(from, to));
  }

  @Test
  void whetherTheLengthIsOneInTheEndIsLeftToRequests() throws IOException {
    assertThat(read().modules()).hasSize(2);
  }

  @Test
  void aPickleFileIsNeverRead() throws IOException {
    Files.move(
        folder.resolve("2_Dense/model.safetensors"), folder.resolve("2_Dense/pytorch_model.bin"));
    isRefused("2_Dense/model.safetensors", "2_Dense/pytorch_model.bin", "never read");
  }

  @Test
  void sizesMustFitTogether() throws IOException {
    replace("3_Dense/config.json", "\"in_features\": 96", "\"in_features\": 95");
    isRefused("3_Dense/config.json", "in_features", "95", "96");
    replace("3_Dense/config.json", "\"in_features\": 95", "\"in_features\": 96");
    replace("3_Dense/config.json", "\"out_features\": 32", "\"out_features\": 33");
    isRefused("3_Dense/model.safetensors", "linear.weight", "[32, 96]", "[33, 96]");
  }

  @Test
  void tensorsMustBeThoseThatTheConfigurationAsksFor() throws IOException {
    replace("2_Dense/config.json", "\"bias\": false", "\"bias\": true");
    isRefused("2_Dense/model.safetensors", "linear.bias");
    copy("many");
    replace("4_Dense/config.json", "\"bias\": true", "\"bias\": false");
    isRefused("4_Dense/model.safetensors", "linear.bias");
    copy("many");
    replace("2_Dense/config.json", "\"use_residual\": true", "\"use_residual\": false");
    isRefused("2_Dense/model.safetensors", "residual.weight");
  }

  @Test
  void weightsThatWouldFillTheHeapAreRefusedBeforeTheyAreRead() throws IOException {
    replace("2_Dense/config.json", "\"in_features\": 64", "\"in_features\": 131072");
    replace("2_Dense/config.json", "\"out_features\": 96", "\"out_features\": 131072");
    isRefused("Dense", "65536 MB", "heap");
  }
}
