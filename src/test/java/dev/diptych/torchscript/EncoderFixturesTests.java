package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Encoders of all families and heads against what transformers computes in float32. */
class EncoderFixturesTests {

  private static final Path FAMILIES = Path.of("src/test/resources/families");
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
  @ValueSource(
      strings = {
        "albert",
        "bert",
        "deberta-v2",
        "distilbert",
        "electra",
        "eurobert",
        "modernbert",
        "mpnet",
        "nomic-bert",
        "roberta",
        "xlm-roberta"
      })
  void statesAndMasksAreTransformers(String name) throws IOException {
    try (EncoderModel model = load(name)) {
      for (JsonNode reference : cases(name)) {
        EncoderBatch batch = batch(reference);
        float[] cls = model.pooled(batch, Pooling.CLS)[0];
        assertThat(relativeError(cls, floats(reference.get("cls")))).isLessThan(TOLERANCE);
        float[] mean = Batches.normalised(model.pooled(batch, Pooling.MEAN)[0]);
        assertThat(relativeError(mean, floats(reference.get("mean_normalized"))))
            .isLessThan(TOLERANCE);
        for (JsonNode mask : reference.get("masks")) {
          int[] position = {mask.get("position").intValue()};
          float[] logits = model.maskedLanguageModelLogits(batch, position)[0];
          assertThat(relativeError(logits, floats(mask.get("logits")))).isLessThan(TOLERANCE);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-classifier",
        "bert-reranker",
        "deberta-nli",
        "distilbert-classifier",
        "electra-classifier",
        "modernbert-reranker",
        "roberta-classifier",
        "xlm-roberta-reranker"
      })
  void classesOfTextsAreTransformers(String name) throws IOException {
    try (EncoderModel model = load(name)) {
      assertThat(model.head()).isInstanceOf(Head.SequenceClassifier.class);
      for (JsonNode reference : cases(name)) {
        float[] logits = model.textLogits(batch(reference))[0];
        assertThat(relativeError(logits, floats(reference.get("logits")))).isLessThan(TOLERANCE);
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> model.tokenLogits(batch(cases(name).getFirst())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-ner", "roberta-ner", "bert-squad"})
  void classesOfTokensAreTransformers(String name) throws IOException {
    try (EncoderModel model = load(name)) {
      for (JsonNode reference : cases(name)) {
        float[] logits = model.tokenLogits(batch(reference))[0];
        assertThat(relativeError(logits, tokens(reference))).isLessThan(TOLERANCE);
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> model.textLogits(batch(cases(name).getFirst())));
    }
  }

  /* The texts are of several lengths, so that some are padded. */
  @ParameterizedTest
  @ValueSource(strings = {"albert", "bert", "modernbert", "xlm-roberta"})
  void theLargestLogitsOfABatchAreThoseOfAllTokens(String name) throws IOException {
    try (EncoderModel model = load(name)) {
      List<int[]> inputs = new ArrayList<>();
      for (JsonNode reference : cases(name)) {
        inputs.add(ints(reference.get("input_ids")));
      }
      inputs.add(new Random(7).ints(model.maxInputTokens(), 5, 100).toArray());
      float[][] largest = model.largestLogits(Batches.of(inputs));
      for (int i = 0; i < inputs.size(); i++) {
        EncoderBatch alone = Batches.of(List.of(inputs.get(i)));
        float[][] all =
            model.maskedLanguageModelLogits(
                alone, IntStream.range(0, inputs.get(i).length).toArray());
        float[] expected = all[0].clone();
        for (float[] row : all) {
          for (int token = 0; token < expected.length; token++) {
            expected[token] = Math.max(expected[token], row[token]);
          }
        }
        assertThat(relativeError(largest[i], expected)).isLessThan(1e-5);
      }
    }
  }

  /* The long texts are one run, in which some are padded, and which is computed in slices. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "albert",
        "deberta-v2",
        "electra",
        "eurobert",
        "modernbert",
        "mpnet",
        "nomic-bert"
      })
  void aBatchEqualsItsTextsAlone(String name) throws IOException {
    try (EncoderModel model = load(name)) {
      List<int[]> inputs = new ArrayList<>();
      for (JsonNode reference : cases(name)) {
        inputs.add(ints(reference.get("input_ids")));
      }
      int[] longest =
          inputs.stream().max((a, b) -> Integer.compare(a.length, b.length)).orElseThrow();
      for (int i = 0; i < 16; i++) {
        inputs.add(Arrays.copyOf(longest, longest.length - i % 4));
      }
      float[][] together = model.hiddenStates(Batches.of(inputs));
      for (int i = 0; i < inputs.size(); i++) {
        float[] alone = model.hiddenStates(Batches.of(List.of(inputs.get(i))))[0];
        assertThat(relativeError(together[i], alone)).isLessThan(1e-5);
      }
    }
  }

  @Test
  void whatACausalEncoderSeesDoesNotDependOnWhatComesBehind() throws IOException {
    int[] ids = new Random(5).ints(500, 5, 300).toArray();
    try (EncoderModel model = load("qwen3-embedding")) {
      float[] whole = model.hiddenStates(Batches.of(List.of(ids)))[0]; // in blocks of queries
      for (int length : new int[] {1, 100, 200, 256, 300}) {
        int[] beginning = Arrays.copyOf(ids, length);
        float[] alone = model.hiddenStates(Batches.of(List.of(beginning)))[0];
        assertThat(relativeError(Arrays.copyOf(whole, alone.length), alone)).isLessThan(1e-5);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-6", "FLOAT16, 1e-6", "BFLOAT16, 0.001", "INT8, 0.005"})
  void everyPrecisionStaysNear(Precision precision, double tolerance) throws IOException {
    assertNear(CpuFeatures.detect(), precision, tolerance);
  }

  /* As on CPUs with AVX-512, whatever this one has: int8 with attention by products. */
  @Test
  void attentionInBfloat16StaysNear() throws IOException {
    assertNear(Cpus.x86("avx512bw", "avx512vl", "avx512dq"), Precision.INT8, 0.005);
  }

  private static void assertNear(CpuFeatures cpu, Precision precision, double tolerance)
      throws IOException {
    for (String name : List.of("albert", "deberta-v2", "eurobert", "modernbert", "mpnet")) {
      try (EncoderModel model = load(name, cpu, precision)) {
        for (JsonNode reference : cases(name)) {
          float[] mean = Batches.normalised(model.pooled(batch(reference), Pooling.MEAN)[0]);
          assertThat(Batches.cosine(mean, floats(reference.get("mean_normalized"))))
              .as(name)
              .isGreaterThan(1 - tolerance);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-classifier", "modernbert-reranker"})
  void classesOfABatchAreThoseOfItsTexts(String name) throws IOException {
    try (EncoderModel model = load(name)) {
      List<int[]> inputs = new ArrayList<>();
      for (JsonNode reference : cases(name)) {
        inputs.add(ints(reference.get("input_ids")));
      }
      float[][] together = model.textLogits(Batches.of(inputs));
      for (int i = 0; i < inputs.size(); i++) {
        float[] alone = model.textLogits(Batches.of(List.of(inputs.get(i))))[0];
        assertThat(relativeError(together[i], alone)).isLessThan(1e-5);
      }
    }
  }

  private static EncoderModel load(String name) throws IOException {
    return load(name, CpuFeatures.detect(), Precision.FLOAT32);
  }

  private static EncoderModel load(String name, CpuFeatures cpu, Precision precision)
      throws IOException {
    Path folder = FAMILIES.resolve(name);
    return new ModelLoader(runtime, cpu, PreparedWeights.none())
        .encoder(folder, BlueprintReader.read(folder), precision);
  }

  private static List<JsonNode> cases(String name) throws IOException {
    Path file = FAMILIES.resolve(name).resolve("reference.json");
    return JsonMapper.shared().readTree(file).get("cases").values().stream().toList();
  }

  private static EncoderBatch batch(JsonNode reference) {
    return Batches.of(List.of(ints(reference.get("input_ids"))));
  }

  private static int[] ints(JsonNode node) {
    return node.values().stream().mapToInt(JsonNode::intValue).toArray();
  }

  /* A number or all numbers of lists in lists. */
  private static float[] floats(JsonNode node) {
    List<Float> values = new ArrayList<>();
    for (JsonNode element : node) {
      if (element.isArray()) {
        element.forEach(inner -> values.add(inner.floatValue()));
      } else {
        values.add(element.floatValue());
      }
    }
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static float[] tokens(JsonNode reference) {
    if (reference.has("logits")) {
      return floats(reference.get("logits"));
    }
    float[] first = floats(reference.get("start_logits"));
    float[] last = floats(reference.get("end_logits"));
    float[] both = new float[2 * first.length];
    for (int i = 0; i < first.length; i++) {
      both[2 * i] = first[i];
      both[2 * i + 1] = last[i];
    }
    return both;
  }

  private static double relativeError(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double error = 0;
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      error = Math.max(error, Math.abs(actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return error / largest;
  }
}
