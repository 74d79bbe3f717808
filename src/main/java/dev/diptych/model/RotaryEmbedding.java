package dev.diptych.model;

import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (RoFormer, arXiv:2104.09864).
 *
 * @param theta base of the frequencies
 * @param scaling Llama 3's stretching of long wavelengths; null for none
 */
public record RotaryEmbedding(double theta, @Nullable Scaling scaling) {

  /**
   * Llama 3's frequency scaling, as transformers' {@code modeling_rope_utils.py} ({@code rope_type}
   * llama3) does it.
   *
   * @param factor how much the lowest frequencies are slowed down
   * @param lowFrequencyFactor wavelengths longer than {@code originalContext / lowFrequencyFactor}
   *     get the whole factor
   * @param highFrequencyFactor wavelengths shorter than {@code originalContext /
   *     highFrequencyFactor} stay as they are
   * @param originalContext context length before stretching
   */
  public record Scaling(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext) {}

  /** Radians per position of each pair of dimensions, {@code [headDimension / 2]}. */
  public double[] frequencies(int headDimension) {
    double[] frequencies = new double[headDimension / 2];
    for (int i = 0; i < frequencies.length; i++) {
      // transformers computes these in float32
      float frequency = (float) (1.0 / Math.pow(theta, 2.0 * i / headDimension));
      frequencies[i] = scaling == null ? frequency : scaled(frequency, scaling);
    }
    return frequencies;
  }

  private static double scaled(double frequency, Scaling scaling) {
    double wavelength = 2 * Math.PI / frequency;
    if (wavelength < scaling.originalContext / scaling.highFrequencyFactor) {
      return frequency;
    }
    if (wavelength > scaling.originalContext / scaling.lowFrequencyFactor) {
      return frequency / scaling.factor;
    }
    double smooth =
        (scaling.originalContext / wavelength - scaling.lowFrequencyFactor)
            / (scaling.highFrequencyFactor - scaling.lowFrequencyFactor);
    return (1 - smooth) * frequency / scaling.factor + smooth * frequency;
  }
}
