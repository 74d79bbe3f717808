package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The slots of the key-value cache: sequences of any length side by side, chunked prompts, moves
 * and growth.
 */
@ParameterizedClass
@MethodSource("dev.diptych.torchscript.Cpus#here")
class DecoderCacheTests {

  private final CpuFeatures cpu;

  DecoderCacheTests(CpuFeatures cpu) {
    this.cpu = cpu;
  }

  private static final List<int[]> PROMPTS =
      List.of(prompt(3, 1), prompt(40, 2), prompt(1, 3), prompt(17, 4), prompt(90, 5));
  private static final Offset<Float> ROUNDING = Offset.offset(1e-4f);
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
  @EnumSource(Precision.class)
  void sequencesOfDifferentLengthsDecodeTogetherAsAlone(Precision precision) throws IOException {
    try (DecoderModel model = decoder("llama-tied", precision)) {
      model.reserve(PROMPTS.size(), 128);
      List<float[]> alone = new ArrayList<>();
      for (int[] prompt : PROMPTS) {
        alone.add(afterOneToken(model, prompt));
      }
      for (int slot = 0; slot < PROMPTS.size(); slot++) {
        model.prefill(slot, 0, PROMPTS.get(slot), 0, null);
      }
      int vocabulary = model.vocabularySize();
      float[] logits = new float[PROMPTS.size() * vocabulary];
      int[] positions = PROMPTS.stream().mapToInt(prompt -> prompt.length).toArray();
      model.decode(
          PROMPTS.size(), new int[] {1, 1, 1, 1, 1}, new int[] {9, 9, 9, 9, 9}, positions, logits);
      for (int slot = 0; slot < PROMPTS.size(); slot++) {
        float[] row = Arrays.copyOfRange(logits, slot * vocabulary, (slot + 1) * vocabulary);
        Offset<Float> offset = precision != Precision.FLOAT32 ? Offset.offset(0.1f) : ROUNDING;
        assertThat(row).containsExactly(alone.get(slot), offset);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void manySequencesDecodeTogetherAsAlone(Precision precision) throws IOException {
    try (DecoderModel model = decoder("llama-tied", precision)) {
      int sequences = 8;
      model.reserve(sequences, 128);
      int[] ones = new int[sequences];
      int[] tokens = new int[sequences];
      int[] positions = new int[sequences];
      float[][] alone = new float[sequences][];
      for (int slot = 0; slot < sequences; slot++) {
        int[] prompt = prompt(90 + slot, slot);
        alone[slot] = afterOneToken(model, prompt);
        ones[slot] = 1;
        tokens[slot] = 9;
        positions[slot] = prompt.length;
      }
      for (int slot = 0; slot < sequences; slot++) {
        model.prefill(slot, 0, prompt(positions[slot], slot), 0, null);
      }
      int vocabulary = model.vocabularySize();
      float[] logits = new float[sequences * vocabulary];
      model.decode(sequences, ones, tokens, positions, logits);
      Offset<Float> offset = precision != Precision.FLOAT32 ? Offset.offset(0.1f) : ROUNDING;
      for (int slot = 0; slot < sequences; slot++) {
        assertThat(Arrays.copyOfRange(logits, slot * vocabulary, (slot + 1) * vocabulary))
            .containsExactly(alone[slot], offset);
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void roomTakesNoMemoryBeforeItIsWritten() throws IOException {
    try (DecoderModel model = decoder("llama-tied", Precision.FLOAT32)) {
      int slots = (int) ((1L << 30) / (128 * model.cacheBytesPerToken()));
      model.reserve(1, 32);
      model.prefill(0, 0, prompt(20, 7), 0, null);
      long before = ResidentMemory.bytes();
      model.reserve(slots, 128);
      assertThat(ResidentMemory.bytes() - before).isLessThan(100 << 20);
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  @EnabledOnOs(OS.LINUX)
  void truncatedSlotsGiveTheirMemoryBack(Precision precision) throws IOException {
    try (DecoderModel model = decoder("llama-tied", precision)) {
      long bytes = 64 << 20;
      int slots = (int) (bytes / (128 * model.cacheBytesPerToken()));
      model.reserve(slots, 128);
      model.prefill(0, 0, prompt(128, 7), 0, null);
      for (int slot = 1; slot < slots; slot++) {
        model.copy(0, slot, 128);
      }
      long before = ResidentMemory.bytes();
      for (int slot = 0; slot < slots; slot++) {
        model.truncate(slot, 8);
      }
      long given = before - ResidentMemory.bytes();
      if (model.commitsWhenWritten()) {
        assertThat(given).isBetween(bytes / 3, bytes * 3 / 2);
      } else {
        assertThat(given).isLessThan(bytes / 4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aTruncatedSlotKeepsItsFirstTokensAndItsNeighbours(Precision precision) throws IOException {
    try (DecoderModel model = decoder("llama-tied", precision)) {
      model.reserve(3, 128);
      for (int slot = 0; slot < 3; slot++) {
        model.prefill(slot, 0, prompt(100, slot), 0, null);
      }
      float[] expected = oneTokenEach(model);

      model.truncate(1, 40);
      model.prefill(1, 40, Arrays.copyOfRange(prompt(100, 1), 40, 100), 0, null);

      Offset<Float> offset = precision != Precision.FLOAT32 ? Offset.offset(0.1f) : ROUNDING;
      assertThat(oneTokenEach(model)).containsExactly(expected, offset);
    }
  }

  private static float[] oneTokenEach(DecoderModel model) {
    float[] logits = new float[3 * model.vocabularySize()];
    model.decode(3, new int[] {1, 1, 1}, new int[] {9, 9, 9}, new int[] {100, 100, 100}, logits);
    return logits;
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-untied", "gpt2"})
  void aPromptInChunksGivesTheLogitsOfThePromptAtOnce(String name) throws IOException {
    try (DecoderModel model = decoder(name, Precision.FLOAT32)) {
      model.reserve(2, 128);
      int[] prompt = prompt(70, 6);
      float[] atOnce = new float[model.vocabularySize()];
      model.prefill(0, 0, prompt, 1, atOnce);
      float[] chunked = new float[model.vocabularySize()];
      model.prefill(1, 0, Arrays.copyOfRange(prompt, 0, 32), 0, null);
      model.prefill(1, 32, Arrays.copyOfRange(prompt, 32, 33), 0, null);
      model.prefill(1, 33, Arrays.copyOfRange(prompt, 33, 70), 1, chunked);
      assertThat(chunked).containsExactly(atOnce, ROUNDING);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-untied", "gpt2"})
  void aSequenceGoesOnInAnotherSlotAfterCopyAndGrowth(String name) throws IOException {
    try (DecoderModel model = decoder(name, Precision.FLOAT32)) {
      model.reserve(2, 32);
      int[] prompt = prompt(20, 7);
      float[] expected = afterOneToken(model, prompt);
      model.prefill(1, 0, prompt, 0, null);
      model.reserve(4, 64);
      model.copy(1, 0, prompt.length);
      float[] moved = new float[model.vocabularySize()];
      model.decode(1, new int[] {1}, new int[] {9}, new int[] {prompt.length}, moved);
      assertThat(moved).containsExactly(expected, ROUNDING);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-untied", "gpt2"})
  void aLongPromptAtOnceGivesTheLogitsOfShortChunks(String name) throws IOException {
    try (DecoderModel model = decoder(name, Precision.FLOAT32)) {
      int[] prompt = prompt(Math.min(600, model.contextLength()), 8);
      model.reserve(2, prompt.length);
      float[] atOnce = new float[model.vocabularySize()];
      model.prefill(0, 0, prompt, 1, atOnce);
      float[] chunked = new float[model.vocabularySize()];
      for (int start = 0; start < prompt.length; start += 25) {
        int end = Math.min(prompt.length, start + 25);
        boolean last = end == prompt.length;
        model.prefill(
            1, start, Arrays.copyOfRange(prompt, start, end), last ? 1 : 0, last ? chunked : null);
      }
      assertThat(chunked).containsExactly(atOnce, ROUNDING);
    }
  }

  /** Of all its tokens, as the last one would not show a look ahead. */
  @ParameterizedTest
  @CsvSource({"llama-untied, BFLOAT16, 0.1", "gpt2, BFLOAT16, 0.1", "llama-untied, INT8, 0.3"})
  void aLongPromptInFewerBitsIsCloseToFloat32(String name, Precision precision, double bound)
      throws IOException {
    try (DecoderModel exact = decoder(name, Precision.FLOAT32);
        DecoderModel model = decoder(name, precision)) {
      int[] prompt = prompt(Math.min(400, model.contextLength()), 8);
      float[] expected = inChunks(exact, prompt, prompt.length);
      assertThat(rootMeanSquare(inChunks(model, prompt, 400), expected)).isLessThan(bound);
      assertThat(rootMeanSquare(inChunks(model, prompt, 100), expected)).isLessThan(bound);
    }
  }

  /** The logits of all tokens of a prompt. */
  private static float[] inChunks(DecoderModel model, int[] prompt, int most) {
    model.reserve(2, prompt.length);
    float[] logits = new float[prompt.length * model.vocabularySize()];
    for (int start = 0; start < prompt.length; start += most) {
      int[] chunk = Arrays.copyOfRange(prompt, start, Math.min(prompt.length, start + most));
      float[] rows = new float[chunk.length * model.vocabularySize()];
      model.prefill(1, start, chunk, chunk.length, rows);
      System.arraycopy(rows, 0, logits, start * model.vocabularySize(), rows.length);
    }
    return logits;
  }

  private static double rootMeanSquare(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }

  @ParameterizedTest
  @CsvSource({"llama-untied, FLOAT32, 1e-4", "gpt2, FLOAT32, 1e-4", "llama-untied, INT8, 0"})
  void severalTokensInOneStepGiveTheLogitsOfSingleSteps(
      String name, Precision precision, float rounding) throws IOException {
    try (DecoderModel model = decoder(name, precision)) {
      int vocabulary = model.vocabularySize();
      model.reserve(5, 64);
      int[] lengths = {1, 4, 2, 2, 1};
      int[] tokens = {9, 11, 12, 13, 14, 21, 22, 31, 32, 41};
      int[] positions = {3, 46, 17, 33, 60};
      float[] expected = new float[tokens.length * vocabulary];
      int row = 0;
      for (int slot = 0; slot < lengths.length; slot++) {
        model.prefill(0, 0, prompt(positions[slot], slot), 0, null);
        for (int i = 0; i < lengths[slot]; i++) {
          float[] single = new float[vocabulary];
          int[] token = {tokens[row]};
          model.decode(1, new int[] {1}, token, new int[] {positions[slot] + i}, single);
          System.arraycopy(single, 0, expected, vocabulary * row++, vocabulary);
        }
      }
      for (int slot = 0; slot < lengths.length; slot++) {
        model.prefill(slot, 0, prompt(positions[slot], slot), 0, null);
      }
      float[] together = new float[tokens.length * vocabulary];
      model.decode(lengths.length, lengths, tokens, positions, together);
      assertThat(together).containsExactly(expected, Offset.offset(rounding));
    }
  }

  @ParameterizedTest
  @CsvSource({"llama-untied, FLOAT32, 1e-4", "gpt2, FLOAT32, 1e-4", "llama-untied, INT8, 0"})
  void chunksBesideAStepGiveWhatEachGivesAlone(String name, Precision precision, float rounding)
      throws IOException {
    try (DecoderModel model = decoder(name, precision)) {
      model.reserve(6, 64);
      float[] apart = stepAfterPrompts(model, false);
      float[] together = stepAfterPrompts(model, true);
      assertThat(together).containsExactly(apart, Offset.offset(rounding));
    }
  }

  /** More steps than it takes to try each way. */
  @ParameterizedTest
  @CsvSource({"llama-untied, FLOAT32, 1e-4", "gpt2, FLOAT32, 1e-4", "llama-untied, INT8, 0"})
  void everyWayToUseTheCoresGivesTheSameLogits(String name, Precision precision, float rounding)
      throws IOException {
    try (DecoderModel model = decoder(name, precision)) {
      model.reserve(6, 64);
      float[] first = stepAfterPrompts(model, true);
      for (int step = 0; step < 40; step++) {
        assertThat(stepAfterPrompts(model, true)).containsExactly(first, Offset.offset(rounding));
      }
    }
  }

  private static float[] stepAfterPrompts(DecoderModel model, boolean together) {
    int[] positions = {3, 46, 17};
    int[] starts = {0, 32, 20};
    int[] counts = {12, 16, 5};
    int[] rows = {1, 0, 5};
    NextTokens next =
        new NextTokens(3, new int[] {1, 3, 1}, new int[] {9, 11, 12, 13, 21}, positions);
    List<PromptChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      model.prefill(i, 0, prompt(positions[i], i), 0, null);
      if (starts[i] > 0) {
        model.prefill(3 + i, 0, prompt(starts[i], 9 + i), 0, null);
      }
      chunks.add(new PromptChunk(3 + i, starts[i], prompt(counts[i], 20 + i), rows[i]));
    }
    float[] logits = new float[(1 + 5 + 5) * model.vocabularySize()];
    if (together) {
      model.step(chunks, next, logits);
    } else {
      stepApart(model, chunks, next, logits);
    }
    return logits;
  }

  private static void stepApart(
      DecoderModel model, List<PromptChunk> chunks, NextTokens next, float[] logits) {
    int at = 0;
    for (PromptChunk chunk : chunks) {
      float[] rows = new float[chunk.rows() * model.vocabularySize()];
      model.step(List.of(chunk), NextTokens.NONE, rows);
      System.arraycopy(rows, 0, logits, at, rows.length);
      at += rows.length;
    }
    float[] rows = new float[logits.length - at];
    model.step(List.of(), next, rows);
    System.arraycopy(rows, 0, logits, at, rows.length);
  }

  private float[] afterOneToken(DecoderModel model, int[] prompt) {
    model.prefill(0, 0, prompt, 0, null);
    float[] logits = new float[model.vocabularySize()];
    model.decode(1, new int[] {1}, new int[] {9}, new int[] {prompt.length}, logits);
    return logits;
  }

  private DecoderModel decoder(String name, Precision precision) throws IOException {
    Path folder = Path.of("src/test/resources/checkpoints").resolve(name);
    return new ModelLoader(runtime, cpu, PreparedWeights.none())
        .decoder(folder, BlueprintReader.read(folder), precision);
  }

  private static int[] prompt(int length, int seed) {
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = (i * 37 + seed * 101) % 500;
    }
    return ids;
  }
}
