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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each family on the executors that serve it, in float32 and int8, beside what transformers
 * computes; with sizes that machine code takes, so that it computes where the CPU has its
 * instructions.
 */
@ParameterizedClass
@MethodSource("dev.diptych.torchscript.Cpus#here")
class ServedExecutorsTests {

  private static final Path CHECKPOINTS = Path.of("src/test/resources/whole-blocks");
  private static final double EXACT = 1 - 1e-6;
  private static final double INT8 = 0.95; // 63 levels of an activation on CPUs with AVX2 only

  private static TorchRuntime runtime;
  private final CpuFeatures cpu;

  ServedExecutorsTests(CpuFeatures cpu) {
    this.cpu = cpu;
  }

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied", "llama-linear", "qwen2"})
  void aDecodersLogitsPointWhereThoseOfTransformersDo(String name) throws IOException {
    for (Precision precision : List.of(Precision.FLOAT32, Precision.INT8)) {
      try (DecoderModel model = decoder(name, precision)) {
        assertThat(model instanceof MachineCodeDecoder)
            .isEqualTo(precision == Precision.INT8 && cpu.machineCode());
        model.reserve(1, 512);
        for (JsonNode reference : cases(name)) {
          int[] prompt = ints(reference.get("input_ids"));
          float[] logits = new float[model.vocabularySize()];
          model.prefill(0, 0, prompt, 1, logits);
          assertThat(Batches.cosine(logits, floats(reference.get("last_logits"))))
              .as("%s in %s, %d tokens", name, precision, prompt.length)
              .isGreaterThan(precision == Precision.INT8 ? INT8 : EXACT);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied", "llama-linear", "qwen2"})
  void aDecoderInFloat32ContinuesAsTransformers(String name) throws IOException {
    try (DecoderModel model = decoder(name, Precision.FLOAT32)) {
      model.reserve(1, 512);
      for (JsonNode reference : cases(name)) {
        int[] expected = ints(reference.get("greedy_ids"));
        List<Integer> produced =
            Greedy.generate(model, ints(reference.get("input_ids")), expected.length);
        assertThat(produced).containsExactlyElementsOf(Arrays.stream(expected).boxed().toList());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta", "distilbert"})
  void anEncodersVectorsAndLogitsPointWhereThoseOfTransformersDo(String name) throws IOException {
    for (Precision precision : List.of(Precision.FLOAT32, Precision.INT8)) {
      double least = precision == Precision.INT8 ? INT8 : EXACT;
      try (EncoderModel model = encoder(name, precision)) {
        assertThat(model instanceof MachineCodeEncoder)
            .isEqualTo(precision == Precision.INT8 && cpu.machineCode());
        for (JsonNode reference : cases(name)) {
          EncoderBatch batch = Batches.of(List.of(ints(reference.get("input_ids"))));
          float[] mean = model.pooled(batch, Pooling.MEAN)[0];
          float[] cls = model.pooled(batch, Pooling.CLS)[0];
          assertThat(Batches.cosine(mean, floats(reference.get("mean_normalized"))))
              .isGreaterThan(least);
          assertThat(Batches.cosine(cls, floats(reference.get("cls")))).isGreaterThan(least);
          for (JsonNode mask : reference.get("masks")) {
            int[] position = {mask.get("position").intValue()};
            float[] logits = model.maskedLanguageModelLogits(batch, position)[0];
            assertThat(Batches.cosine(logits, floats(mask.get("logits")))).isGreaterThan(least);
          }
        }
      }
    }
  }

  /** The padding id inside a text: the token behind it is at another position than without. */
  @Test
  void aPaddingIdIsAtTheSamePositionWhateverExecutorServes() throws IOException {
    int[] ids = {0, 40, 41, 1, 1, 42, 43, 44, 1, 45, 46, 2};
    EncoderBatch batch = Batches.of(List.of(ids));
    try (EncoderModel exact = encoder("roberta", Precision.FLOAT32);
        EncoderModel served = encoder("roberta", Precision.INT8)) {
      float[] expected = exact.hiddenStates(batch)[0];
      float[] states = served.hiddenStates(batch)[0];
      int hidden = exact.hiddenSize();
      for (int token = 0; token < ids.length; token++) {
        assertThat(
                Batches.cosine(
                    Arrays.copyOfRange(states, token * hidden, (token + 1) * hidden),
                    Arrays.copyOfRange(expected, token * hidden, (token + 1) * hidden)))
            .as("token %d", token)
            .isGreaterThan(INT8);
      }
    }
  }

  private DecoderModel decoder(String name, Precision precision) throws IOException {
    Path folder = CHECKPOINTS.resolve(name);
    Blueprint blueprint = BlueprintReader.read(folder);
    return new ModelLoader(runtime, cpu, PreparedWeights.none())
        .decoder(folder, blueprint, precision);
  }

  private EncoderModel encoder(String name, Precision precision) throws IOException {
    Path folder = CHECKPOINTS.resolve(name);
    Blueprint blueprint = BlueprintReader.read(folder);
    return new ModelLoader(runtime, cpu, PreparedWeights.none())
        .encoder(folder, blueprint, precision);
  }

  private static JsonNode cases(String name) throws IOException {
    return JsonMapper.shared()
        .readTree(CHECKPOINTS.resolve(name).resolve("reference.json"))
        .get("cases");
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
}
