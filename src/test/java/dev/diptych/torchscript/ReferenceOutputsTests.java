package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every family against what transformers computes on the same weights in float32. */
@ParameterizedClass
@MethodSource("dev.diptych.torchscript.Cpus#here")
class ReferenceOutputsTests {

  private final CpuFeatures cpu;

  ReferenceOutputsTests(CpuFeatures cpu) {
    this.cpu = cpu;
  }

  private static final double TOLERANCE = 1e-4;
  private static TorchRuntime runtime;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama-tied", "llama-untied", "llama3-rope", "qwen2"})
  void decoderMatchesTransformersInFloat32(String name) throws IOException {
    try (DecoderModel model = decoder(name, Precision.FLOAT32)) {
      model.reserve(2, 128);
      for (JsonNode reference : cases(name)) {
        int[] prompt = ints(reference.get("input_ids"));
        float[] logits = new float[prompt.length * model.vocabularySize()];
        model.prefill(1, 0, prompt, prompt.length, logits);
        assertFirstLogitsOfEachPosition(reference, logits, model.vocabularySize());
        float[] last = last(logits, model.vocabularySize());
        assertThat(relativeError(last, floats(reference.get("last_logits")))).isLessThan(TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama-tied", "llama-untied", "llama3-rope", "qwen2"})
  void decoderContinuesAsTransformersGreedily(String name) throws IOException {
    try (DecoderModel model = decoder(name, Precision.FLOAT32)) {
      model.reserve(1, 128);
      for (JsonNode reference : cases(name)) {
        int[] expected = ints(reference.get("greedy_ids"));
        List<Integer> produced =
            Greedy.generate(model, ints(reference.get("input_ids")), expected.length);
        assertThat(produced).containsExactlyElementsOf(boxed(expected));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta", "distilbert"})
  void encoderMatchesTransformersInFloat32(String name) throws IOException {
    try (EncoderModel model = encoder(name, Precision.FLOAT32)) {
      for (JsonNode reference : cases(name)) {
        EncoderBatch batch = Batches.of(List.of(ints(reference.get("input_ids"))));
        float[] cls = model.pooled(batch, Pooling.CLS)[0];
        assertThat(largestError(cls, floats(reference.get("cls")))).isLessThan(TOLERANCE);
        float[] mean = Batches.normalised(model.pooled(batch, Pooling.MEAN)[0]);
        assertThat(largestError(mean, floats(reference.get("mean_normalized"))))
            .isLessThan(TOLERANCE);
        assertMaskLogits(model, batch, reference);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void encoderStaysNearTransformersInEveryPrecision(Precision precision) throws IOException {
    try (EncoderModel model = encoder("bert", precision)) {
      for (JsonNode reference : cases("bert")) {
        EncoderBatch batch = Batches.of(List.of(ints(reference.get("input_ids"))));
        float[] mean = Batches.normalised(model.pooled(batch, Pooling.MEAN)[0]);
        assertThat(Batches.cosine(mean, floats(reference.get("mean_normalized"))))
            .isGreaterThan(0.999);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta", "distilbert"})
  void aBatchOfMixedLengthsEqualsSingleInputs(String name) throws IOException {
    try (EncoderModel model = encoder(name, Precision.FLOAT32)) {
      List<int[]> inputs = new ArrayList<>();
      cases(name).forEach(reference -> inputs.add(ints(reference.get("input_ids"))));
      float[][] together = model.pooled(Batches.of(inputs), Pooling.MEAN);
      float[][] states = model.hiddenStates(Batches.of(inputs));
      for (int i = 0; i < inputs.size(); i++) {
        EncoderBatch alone = Batches.of(List.of(inputs.get(i)));
        assertThat(largestError(together[i], model.pooled(alone, Pooling.MEAN)[0]))
            .isLessThan(1e-5);
        assertThat(largestError(states[i], model.hiddenStates(alone)[0])).isLessThan(1e-5);
      }
    }
  }

  private static void assertMaskLogits(EncoderModel model, EncoderBatch batch, JsonNode reference) {
    if (!reference.has("masks")) {
      return;
    }
    for (JsonNode mask : reference.get("masks")) {
      int position = mask.get("position").intValue();
      float[] logits = model.maskedLanguageModelLogits(batch, new int[] {position})[0];
      assertThat(relativeError(logits, floats(mask.get("logits")))).isLessThan(TOLERANCE);
    }
  }

  private static void assertFirstLogitsOfEachPosition(
      JsonNode reference, float[] logits, int vocabulary) {
    JsonNode positions = reference.get("first_8_logits_per_position");
    for (int p = 0; p < positions.size(); p++) {
      float[] expected = floats(positions.get(p));
      float[] actual = new float[expected.length];
      System.arraycopy(logits, p * vocabulary, actual, 0, actual.length);
      assertThat(largestError(actual, expected)).isLessThan(1e-3);
    }
  }

  private DecoderModel decoder(String name, Precision precision) throws IOException {
    Path folder = folder(name);
    Blueprint blueprint = BlueprintReader.read(folder);
    return new ModelLoader(runtime, cpu, PreparedWeights.none())
        .decoder(folder, blueprint, precision);
  }

  private EncoderModel encoder(String name, Precision precision) throws IOException {
    Path folder = folder(name);
    Blueprint blueprint = BlueprintReader.read(folder);
    return new ModelLoader(runtime, cpu, PreparedWeights.none())
        .encoder(folder, blueprint, precision);
  }

  private static Path folder(String name) {
    return Path.of("src/test/resources/checkpoints").resolve(name);
  }

  private static JsonNode cases(String name) throws IOException {
    return JsonMapper.shared().readTree(folder(name).resolve("reference.json")).get("cases");
  }

  private static int[] ints(JsonNode node) {
    return node.values().stream().mapToInt(JsonNode::intValue).toArray();
  }

  private static float[] floats(JsonNode node) {
    float[] values = new float[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).floatValue();
    }
    return values;
  }

  private static List<Integer> boxed(int[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  private static float[] last(float[] logits, int vocabulary) {
    return java.util.Arrays.copyOfRange(logits, logits.length - vocabulary, logits.length);
  }

  private static double largestError(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double error = 0;
    for (int i = 0; i < actual.length; i++) {
      error = Math.max(error, Math.abs(actual[i] - expected[i]));
    }
    return error;
  }

  private static double relativeError(float[] actual, float[] expected) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largestError(actual, expected) / largest;
  }
}
