package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.Platform;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Pooling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How far the reduced precisions may be from float32 on the default models. */
class PrecisionBoundsIT {

  private static final double SCORE_BOUND_OF_AUTO = 0.02;
  private static final double COSINE_BOUND_OF_AUTO = 0.995;

  /* Where 8-bit products saturate, activations have 63 steps instead of 127: measured 0.962. */
  private static final double COSINE_BOUND_OF_HALF_THE_STEPS = 0.95;

  private static DefaultModels models;

  @BeforeAll
  static void start() {
    models = new DefaultModels();
  }

  @AfterAll
  static void stop() {
    models.close();
  }

  /**
   * The root mean square, as the largest error moves by a third when one value is rounded
   * otherwise. What is common to all logits of a row changes no probability and is left out.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT16, 0.01", "BFLOAT16, 0.1", "INT8, 0.5"})
  void decoderLogitsStayWithinTheirBound(Precision precision, double bound) throws IOException {
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2, precision)) {
      model.reserve(1, 256);
      float[] logits = new float[model.vocabularySize()];
      List<Double> squares = new ArrayList<>();
      for (JsonNode reference : DefaultModels.golden(DefaultModels.SMOLLM2).get("greedy")) {
        model.prefill(0, 0, DefaultModels.ints(reference.get("ids")), 1, logits);
        double[] errors =
            reference.get("first_logits").properties().stream()
                .mapToDouble(
                    logit ->
                        logits[Integer.parseInt(logit.getKey())] - logit.getValue().doubleValue())
                .toArray();
        double common = Arrays.stream(errors).average().orElseThrow();
        Arrays.stream(errors).forEach(error -> squares.add((error - common) * (error - common)));
      }
      double error =
          Math.sqrt(squares.stream().mapToDouble(square -> square).average().orElseThrow());
      System.out.printf("%s: logit error %.4f%n", precision.label(), error);
      assertThat(error).isLessThan(bound);
    }
  }

  /** Of its last tokens, whose attention is computed in several stripes where there are any. */
  @ParameterizedTest
  @CsvSource({"BFLOAT16, 0.3", "INT8, 1.2"})
  void logitsOfALongPromptStayWithinTheirBound(Precision precision, double bound)
      throws IOException {
    int[] prompt =
        DefaultModels.golden(DefaultModels.SMOLLM2)
            .get("greedy")
            .valueStream()
            .flatMapToInt(reference -> IntStream.of(DefaultModels.ints(reference.get("ids"))))
            .toArray();
    int[] repeated = IntStream.range(0, 400).map(i -> prompt[i % prompt.length]).toArray();
    float[] expected = lastLogits(Precision.FLOAT32, repeated);
    float[] logits = lastLogits(precision, repeated);
    double squares = 0;
    for (int i = 0; i < logits.length; i++) {
      squares += (logits[i] - expected[i]) * (double) (logits[i] - expected[i]);
    }
    double error = Math.sqrt(squares / logits.length);
    System.out.printf("%s: logit error behind a long prompt %.4f%n", precision.label(), error);
    assertThat(error).isLessThan(bound);
  }

  private static float[] lastLogits(Precision precision, int[] prompt) throws IOException {
    int rows = 40;
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2, precision)) {
      model.reserve(1, prompt.length);
      float[] logits = new float[rows * model.vocabularySize()];
      model.prefill(0, 0, prompt, rows, logits);
      return logits;
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, 0.1", "BFLOAT16, 0.5", "INT8, 0.8"})
  void greedyTokensAgreeUntilTheTwoBestAreClose(Precision precision, double margin)
      throws IOException {
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2, precision)) {
      model.reserve(1, 256);
      for (JsonNode reference : DefaultModels.golden(DefaultModels.SMOLLM2).get("greedy")) {
        int certain = Margins.firstBelow(reference.get("margins"), margin);
        int[] expected = DefaultModels.ints(reference.get("token_ids"));
        if (certain > 0) {
          assertThat(Greedy.generate(model, DefaultModels.ints(reference.get("ids")), certain))
              .containsExactlyElementsOf(Arrays.stream(expected).limit(certain).boxed().toList());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, 0.001", "BFLOAT16, 0.01", "INT8, 0.08"})
  void maskScoresStayWithinTheirBound(Precision precision, double bound) throws IOException {
    try (EncoderModel model = models.encoder(DefaultModels.BERT, precision)) {
      double largest = 0;
      for (JsonNode reference : DefaultModels.golden(DefaultModels.BERT).get("cases")) {
        int[] ids = DefaultModels.ints(reference.get("input_ids"));
        for (JsonNode mask : reference.get("masks")) {
          float[] logits =
              model
                  .maskedLanguageModelLogits(
                      Batches.of(List.of(ids)), new int[] {mask.get("position").intValue()})[0];
          for (JsonNode candidate : mask.get("top5")) {
            double score =
                Math.exp(Softmax.logProbability(logits, candidate.get("token").intValue()));
            largest = Math.max(largest, Math.abs(score - candidate.get("score").doubleValue()));
          }
        }
      }
      System.out.printf("%s: largest mask score error %.4f%n", precision.label(), largest);
      assertThat(largest).isLessThan(isChosenByAuto(precision) ? SCORE_BOUND_OF_AUTO : bound);
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, 0.9999", "BFLOAT16, 0.999", "INT8, 0.97"})
  void embeddingsPointTheSameWay(Precision precision, double bound) throws IOException {
    try (EncoderModel exact = models.encoder(DefaultModels.MINILM, Precision.FLOAT32);
        EncoderModel model = models.encoder(DefaultModels.MINILM, precision)) {
      double smallest = 1;
      for (JsonNode reference : DefaultModels.golden(DefaultModels.MINILM).get("texts")) {
        var batch = Batches.of(List.of(DefaultModels.ints(reference.get("ids"))));
        smallest =
            Math.min(
                smallest,
                Batches.cosine(
                    exact.pooled(batch, Pooling.MEAN)[0], model.pooled(batch, Pooling.MEAN)[0]));
      }
      System.out.printf("%s: smallest cosine %.5f%n", precision.label(), smallest);
      assertThat(smallest).isGreaterThan(cosineBound(precision, bound));
    }
  }

  private static double cosineBound(Precision precision, double bound) {
    if (isChosenByAuto(precision)) {
      return COSINE_BOUND_OF_AUTO;
    }
    return precision == Precision.INT8 && !CpuFeatures.detect(Platform.current()).int8DotProduct()
        ? COSINE_BOUND_OF_HALF_THE_STEPS
        : bound;
  }

  /** Whether an encoder gets int8 without a setting, which then must be better than elsewhere. */
  private static boolean isChosenByAuto(Precision precision) {
    return precision == Precision.INT8 && CpuFeatures.detect(Platform.current()).machineCode();
  }
}
