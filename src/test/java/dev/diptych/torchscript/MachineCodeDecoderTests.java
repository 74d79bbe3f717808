package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diptych.Platform;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A Llama by machine code, beside the module that computes it elsewhere; with numbers of heads that
 * share keys of which four tokens, one token, and no token fit into the registers.
 */
@ParameterizedClass
@CsvSource({"6, 2", "8, 1", "26, 2"})
class MachineCodeDecoderTests {

  private final Blueprint config;

  private final Blueprint withBiases;

  MachineCodeDecoderTests(int heads, int keyValueHeads) {
    config = RandomLlama.blueprint(heads, keyValueHeads);
    withBiases = RandomLlama.blueprint(heads, keyValueHeads, true, true);
  }

  private static final CpuFeatures CPU = CpuFeatures.detect(Platform.current());
  private static final int VOCABULARY = RandomLlama.VOCABULARY;
  private static TorchRuntime runtime;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    assumeTrue(CPU.machineCode(), "this CPU has no AVX512-VNNI");
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    if (runtime != null) {
      runtime.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false"})
  void logitsAreThoseOfTheModule(boolean biases, boolean withoutBfloat16) throws IOException {
    Blueprint shape = biases ? withBiases : config;
    RandomLlama.write(folder, shape);
    CpuFeatures cpu = withoutBfloat16 ? CPU.withBfloat16Products(false) : CPU;
    try (DecoderModel fast = decoder(cpu, shape);
        DecoderModel slow = decoder(CPU.withMachineCode(false), shape)) {
      assertThat(fast).isInstanceOf(MachineCodeDecoder.class);
      assertThat(slow).isInstanceOf(TorchDecoder.class);
      float[] actual = decoded(fast);
      float[] expected = decoded(slow);
      for (int row = 0; row < actual.length / VOCABULARY; row++) {
        float[] wanted = Arrays.copyOfRange(expected, row * VOCABULARY, (row + 1) * VOCABULARY);
        float[] got = Arrays.copyOfRange(actual, row * VOCABULARY, (row + 1) * VOCABULARY);
        double size = distance(wanted, new float[VOCABULARY]);
        assertThat(distance(got, wanted)).as("row %d", row).isLessThan(0.1 * size);
      }
    }
  }

  private DecoderModel decoder(boolean byMachineCode) throws IOException {
    return decoder(CPU.withMachineCode(byMachineCode), config);
  }

  private DecoderModel decoder(CpuFeatures cpu, Blueprint shape) throws IOException {
    return new ModelLoader(runtime, cpu, PreparedWeights.none())
        .decoder(folder, shape, Precision.INT8);
  }

  /* One token for some slots and several for others, behind prompts of different lengths. */
  private static float[] decoded(DecoderModel model) {
    int[] lengths = {1, 3, 1, 2};
    int[] positions = {40, 1, 7, 130};
    model.reserve(4, 160);
    for (int slot = 0; slot < 4; slot++) {
      model.prefill(slot, 0, tokens(positions[slot], slot), 0, null);
    }
    float[] logits = new float[7 * VOCABULARY];
    model.decode(4, lengths, tokens(7, 9), positions, logits);
    return logits;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  /** More than one pass over the weights takes, of sequences of all lengths. */
  @Test
  void manySequencesGetBitForBitWhatTheyGetAlone() throws IOException {
    RandomLlama.write(folder, config);
    int count = 140;
    try (DecoderModel model = decoder(true)) {
      model.reserve(count, 160);
      int[] ones = new int[count];
      Arrays.fill(ones, 1);
      int[] positions = new int[count];
      float[][] alone = new float[count][VOCABULARY];
      int[] tokens = tokens(count, 5);
      for (int i = 0; i < count; i++) {
        positions[i] = 1 + i;
        model.prefill(0, 0, tokens(positions[i], i), 0, null);
        int[] token = {tokens[i]};
        model.decode(1, new int[] {1}, token, new int[] {positions[i]}, alone[i]);
      }
      for (int i = 0; i < count; i++) {
        model.prefill(i, 0, tokens(positions[i], i), 0, null);
      }
      float[] together = new float[count * VOCABULARY];
      model.decode(count, ones, tokens, positions, together);
      for (int i = 0; i < count; i++) {
        assertThat(
                Arrays.mismatch(
                    together, i * VOCABULARY, (i + 1) * VOCABULARY, alone[i], 0, VOCABULARY))
            .as("first difference of sequence %d", i)
            .isNegative();
      }
    }
  }

  @Test
  void aChunkOfAPromptBesideNextTokensChangesNothing() throws IOException {
    RandomLlama.write(folder, config);
    try (DecoderModel model = decoder(true)) {
      model.reserve(2, 128);
      model.prefill(0, 0, tokens(50, 1), 0, null);
      NextTokens next = new NextTokens(1, new int[] {2}, new int[] {3, 4}, new int[] {50});
      PromptChunk chunk = new PromptChunk(1, 0, tokens(20, 2), 1);
      float[] ofNext = new float[2 * VOCABULARY];
      float[] ofChunk = new float[VOCABULARY];
      float[] both = new float[3 * VOCABULARY];
      model.step(List.of(), next, ofNext);
      model.step(List.of(chunk), NextTokens.NONE, ofChunk);
      model.step(List.of(chunk), next, both);
      assertThat(Arrays.copyOf(both, VOCABULARY)).isEqualTo(ofChunk);
      assertThat(Arrays.copyOfRange(both, VOCABULARY, both.length)).isEqualTo(ofNext);
    }
  }

  @Test
  void whatIsComputedWhileAStepStandsStillChangesNothing() throws IOException {
    RandomLlama.write(folder, config);
    NextTokens next = new NextTokens(1, new int[] {2}, new int[] {3, 4}, new int[] {50});
    PromptChunk lengthy = new PromptChunk(3, 0, tokens(140, 2), 1);
    PromptChunk quick = new PromptChunk(1, 20, tokens(12, 3), 1);
    List<float[]> expected = new ArrayList<>();
    List<float[]> meanwhile = new ArrayList<>();
    try (DecoderModel model = decoder(true)) {
      model.reserve(4, 256);
      model.prefill(0, 0, tokens(50, 1), 0, null);
      float[] alone = new float[3 * VOCABULARY];
      model.step(List.of(lengthy), next, alone);
      model.copy(0, 1, 20);
      model.step(List.of(quick), NextTokens.NONE, added(expected));
      float[] interrupted = new float[3 * VOCABULARY];

      model.step(
          List.of(lengthy),
          next,
          interrupted,
          () -> {
            model.copy(0, 1, 20);
            model.step(List.of(quick), NextTokens.NONE, added(meanwhile));
          });

      assertThat(interrupted).isEqualTo(alone);
      assertThat(meanwhile)
          .hasSize(3) // in each of two passes, and between them
          .allSatisfy(row -> assertThat(row).isEqualTo(expected.getFirst()));
    }
  }

  private static float[] added(List<float[]> rows) {
    rows.add(new float[VOCABULARY]);
    return rows.getLast();
  }

  @Test
  void aStepOfFewTokensDoesNotStandStill() throws IOException {
    RandomLlama.write(folder, config);
    try (DecoderModel model = decoder(true)) {
      model.reserve(1, 64);
      model.step(
          List.of(new PromptChunk(0, 0, tokens(20, 2), 1)),
          NextTokens.NONE,
          new float[VOCABULARY],
          () -> {
            throw new AssertionError("stood still");
          });
    }
  }

  @Test
  void howAPromptIsCutChangesNoBitOfAnyRow() throws IOException {
    RandomLlama.write(folder, config);
    int[] prompt = tokens(200, 3);
    try (DecoderModel model = decoder(true)) {
      model.reserve(2, 256);
      float[] atOnce = new float[prompt.length * VOCABULARY];
      model.prefill(0, 0, prompt, prompt.length, atOnce);
      for (int most : new int[] {1, 7, 64}) {
        for (int start = 0; start < prompt.length; start += most) {
          int[] chunk = Arrays.copyOfRange(prompt, start, Math.min(prompt.length, start + most));
          float[] rows = new float[chunk.length * VOCABULARY];
          model.prefill(1, start, chunk, chunk.length, rows);
          assertThat(
                  Arrays.mismatch(
                      rows,
                      0,
                      rows.length,
                      atOnce,
                      start * VOCABULARY,
                      start * VOCABULARY + rows.length))
              .as("first difference behind position %d in chunks of %d", start, most)
              .isNegative();
        }
      }
    }
  }

  @Test
  void aCopiedBeginningGoesOnAsItsOriginal() throws IOException {
    RandomLlama.write(folder, config);
    try (DecoderModel model = decoder(true)) {
      model.reserve(2, 64);
      model.prefill(0, 0, tokens(40, 1), 0, null);
      model.prefill(1, 0, tokens(60, 2), 0, null);
      model.copy(0, 1, 33);
      float[] original = new float[VOCABULARY];
      float[] copied = new float[VOCABULARY];
      model.prefill(1, 33, tokens(5, 8), 1, copied);
      model.prefill(0, 33, tokens(5, 8), 1, original);
      assertThat(copied).isEqualTo(original);
    }
  }

  /** What a longer cache has moved must be found again. */
  @Test
  void growthOfTheCacheIsFollowed() throws IOException {
    RandomLlama.write(folder, config);
    try (DecoderModel model = decoder(true)) {
      model.reserve(1, 64);
      model.prefill(0, 0, tokens(40, 1), 0, null);
      float[] before = new float[VOCABULARY];
      float[] after = new float[VOCABULARY];
      model.decode(1, new int[] {1}, new int[] {7}, new int[] {40}, before);
      model.reserve(3, 200);
      model.decode(1, new int[] {1}, new int[] {7}, new int[] {40}, after);
      assertThat(after).isEqualTo(before);
    }
  }

  private static int[] tokens(int count, int seed) {
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = (i * 37 + seed * 101) % 500;
    }
    return tokens;
  }
}
