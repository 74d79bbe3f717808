package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each decoder of the fixtures against what transformers computes in float32. */
class DecoderFamilyOutputsTests {

  private static final Path FAMILIES = Path.of("src/test/resources/families");
  private static final Set<String> REFUSED = Set.of("lfm2", "qwen3-moe", "qwen3-5");
  private static final double TOLERANCE = 1e-4;
  private static final int GUESSES = 3;

  private static TorchRuntime runtime;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  static List<String> decoders() throws IOException {
    try (Stream<Path> folders = Files.list(FAMILIES)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !REFUSED.contains(name))
          .filter(name -> reference(name).get("kind").asString().equals("decoder"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void equalsTransformersAloneAndInChunksBesideAnother(String name) throws IOException {
    List<JsonNode> cases = reference(name).get("cases").valueStream().toList();
    try (DecoderModel model = decoder(name, Precision.FLOAT32)) {
      model.reserve(2, 512);
      for (JsonNode reference : cases) {
        assertAlone(model, reference);
      }
      JsonNode other =
          cases.stream()
              .limit(cases.size() - 1)
              .max(Comparator.comparingInt(reference -> reference.get("greedy_ids").size()))
              .orElseThrow();
      assertInChunksBeside(model, cases.getLast(), other);
    }
  }

  /* Norms that go into no weight, behind parts as before them, and parts side by side. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gemma2", "olmo2", "gpt-neox"})
  void int8StaysNearWhateverTheNorms(String name) throws IOException {
    try (DecoderModel model = decoder(name, Precision.INT8)) {
      model.reserve(1, 512);
      for (JsonNode reference : reference(name).get("cases")) {
        float[] logits = new float[model.vocabularySize()];
        model.prefill(0, 0, ints(reference.get("input_ids")), 1, logits);
        assertThat(cosine(logits, reference.get("last_logits"))).isGreaterThan(0.95);
      }
    }
  }

  private static void assertAlone(DecoderModel model, JsonNode reference) {
    int[] prompt = ints(reference.get("input_ids"));
    float[] logits = new float[model.vocabularySize()];
    model.prefill(0, 0, prompt, 1, logits);
    assertThat(relativeError(logits, reference.get("last_logits"))).isLessThan(TOLERANCE);
    int[] expected = ints(reference.get("greedy_ids"));
    assertThat(Greedy.generate(model, prompt, expected.length))
        .containsExactlyElementsOf(Arrays.stream(expected).boxed().toList());
  }

  /* Four chunks of a prompt, while another sequence has some tokens at once. */
  private static void assertInChunksBeside(DecoderModel model, JsonNode longest, JsonNode other) {
    int[] prompt = ints(longest.get("input_ids"));
    int[] decoding = ints(other.get("input_ids"));
    int[] greedy = ints(other.get("greedy_ids"));
    int vocabulary = model.vocabularySize();
    model.prefill(0, 0, decoding, 0, null);
    float[] logits = new float[(1 + GUESSES) * vocabulary];
    int chunk = prompt.length / 4 + 1;
    for (int start = 0, first = 0; start < prompt.length; start += chunk, first += GUESSES) {
      int end = Math.min(start + chunk, prompt.length);
      model.step(
          List.of(new PromptChunk(1, start, Arrays.copyOfRange(prompt, start, end), 1)),
          new NextTokens(
              1,
              new int[] {GUESSES},
              Arrays.copyOfRange(greedy, first, first + GUESSES),
              new int[] {decoding.length + first}),
          logits);
      for (int i = 1; i <= GUESSES; i++) {
        float[] row = Arrays.copyOfRange(logits, i * vocabulary, (i + 1) * vocabulary);
        assertThat(Greedy.argmax(row)).isEqualTo(greedy[first + i]);
      }
    }
    float[] last = Arrays.copyOf(logits, vocabulary);
    assertThat(relativeError(last, longest.get("last_logits"))).isLessThan(TOLERANCE);
  }

  private static DecoderModel decoder(String name, Precision precision) throws IOException {
    Path folder = FAMILIES.resolve(name);
    Blueprint blueprint = BlueprintReader.read(folder);
    return new ModelLoader(runtime, PreparedWeights.none()).decoder(folder, blueprint, precision);
  }

  private static JsonNode reference(String name) {
    return JsonMapper.shared().readTree(FAMILIES.resolve(name).resolve("reference.json").toFile());
  }

  private static int[] ints(JsonNode node) {
    return node.values().stream().mapToInt(JsonNode::intValue).toArray();
  }

  private static double cosine(float[] actual, JsonNode expected) {
    double product = 0;
    double of = 0;
    double with = 0;
    for (int i = 0; i < actual.length; i++) {
      double value = expected.get(i).doubleValue();
      product += actual[i] * value;
      of += actual[i] * actual[i];
      with += value * value;
    }
    return product / Math.sqrt(of * with);
  }

  private static double relativeError(float[] actual, JsonNode expected) {
    assertThat(actual).hasSize(expected.size());
    double error = 0;
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      double value = expected.get(i).doubleValue();
      error = Math.max(error, Math.abs(actual[i] - value));
      largest = Math.max(largest, Math.abs(value));
    }
    return error / largest;
  }
}
