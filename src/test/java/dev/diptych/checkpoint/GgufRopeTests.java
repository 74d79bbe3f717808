package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufRopeTests {

  private static final double THETA = 500_000;

  @TempDir Path folder;

  private Map<String, Object> scaling(GgufFile file, int headSize) throws IOException {
    Path path = file.write(folder.resolve("model.gguf"));
    try (Arena arena = Arena.ofConfined()) {
      return GgufRope.scaling(Gguf.open(path, arena), "llama.", headSize, THETA);
    }
  }

  /** Llama 3's rule as transformers' modeling_rope_utils.py has it, on inverse frequencies. */
  private static float[] divisors(int headSize, double factor, double original) {
    float[] divisors = new float[headSize / 2];
    for (int i = 0; i < divisors.length; i++) {
      double frequency = Math.pow(THETA, -2.0 * i / headSize);
      double wavelength = 2 * Math.PI / frequency;
      double scaled = wavelength > original ? frequency / factor : frequency;
      if (wavelength <= original && wavelength >= original / 4) {
        double smooth = (original / wavelength - 1) / (4 - 1);
        scaled = (1 - smooth) * frequency / factor + smooth * frequency;
      }
      divisors[i] = (float) (frequency / scaled);
    }
    return divisors;
  }

  private static GgufFile frequencies(float... divisors) {
    return new GgufFile()
        .tensor(
            "rope_freqs.weight", GgmlType.F32, LittleEndianBytes.floats(divisors), divisors.length);
  }

  @ParameterizedTest
  @CsvSource({"64,32,8192", "128,8,8192", "128,8,4096"})
  void recoversLlama3(int headSize, double factor, long original) throws IOException {
    assertThat(scaling(frequencies(divisors(headSize, factor, (double) original)), headSize))
        .containsEntry("rope_type", "llama3")
        .containsEntry("factor", factor)
        .containsEntry("low_freq_factor", 1.0)
        .containsEntry("high_freq_factor", 4.0)
        .containsEntry("original_max_position_embeddings", original);
  }

  @Test
  void findsAContextThatMeansTheSameWhenNoFrequencyIsSmoothed() throws IOException {
    float[] divisors = divisors(8, 8, 32);

    long original =
        (long)
            scaling(frequencies(divisors), 8).getOrDefault("original_max_position_embeddings", 0L);

    assertThat(divisors(8, 8, (double) original)).containsExactly(divisors);
  }

  @Test
  void refusesDivisorsOfAnotherRule() {
    for (float[] divisors :
        new float[][] {{1, 1, 1, 1}, {1, 2, 3, 4}, {8, 8, 1, 1}, {1, 1, 8, Float.NaN}}) {
      assertThatExceptionOfType(InvalidCheckpoint.class)
          .isThrownBy(() -> scaling(frequencies(divisors), 8))
          .withMessageContaining("Llama 3");
    }
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> scaling(frequencies(1, 2), 8))
        .withMessageContaining("[4]");
  }

  @Test
  void readsLinearScaling() throws IOException {
    GgufFile file =
        new GgufFile()
            .text("llama.rope.scaling.type", "linear")
            .real("llama.rope.scaling.factor", 4);

    assertThat(scaling(file, 8)).containsEntry("rope_type", "linear").containsEntry("factor", 4.0);
    assertThat(scaling(new GgufFile(), 8)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama.rope.scaling.factor", "llama.rope.scale_linear"})
  void aFactorWithoutTypeIsLinearAlsoUnderItsOlderName(String key) throws IOException {
    assertThat(scaling(new GgufFile().real(key, 2), 8))
        .containsEntry("rope_type", "linear")
        .containsEntry("factor", 2.0);
    assertThat(scaling(new GgufFile().real(key, 1), 8)).isEmpty();
    assertThat(scaling(new GgufFile().real(key, 2).text("llama.rope.scaling.type", "none"), 8))
        .isEmpty();
  }

  @Test
  void refusesOtherScalingAndTwoAtOnce() {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> scaling(new GgufFile().text("llama.rope.scaling.type", "yarn"), 8))
        .withMessageContaining("yarn");
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(
            () -> scaling(frequencies(divisors(8, 8, 32)).real("llama.rope.scaling.factor", 4), 8))
        .withMessageContaining("rope_freqs.weight");
  }
}
