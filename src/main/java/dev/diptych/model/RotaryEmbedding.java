package dev.diptych.model;

import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (RoFormer, arXiv:2104.09864).
 *
 * @param theta base of the frequencies
 * @param scaling how frequencies are stretched for longer contexts; null for not at all
 */
public record RotaryEmbedding(double theta, @Nullable Scaling scaling) {

  /** A way to stretch, as transformers' {@code modeling_rope_utils.py} does it. */
  public sealed interface Scaling {

    /** The stretched frequency of one that transformers computes in float32. */
    double apply(float frequency);
  }

  /**
   * All frequencies slowed down alike, which is the same as positions that lie closer together
   * ({@code rope_type} linear).
   */
  public record Linear(double factor) implements Scaling {

    @Override
    public double apply(float frequency) {
      return frequency / (float) factor;
    }
  }

  /**
   * Llama 3's frequency scaling ({@code rope_type} llama3).
   *
   * @param factor how much the lowest frequencies are slowed down
   * @param lowFrequencyFactor wavelengths longer than {@code originalContext / lowFrequencyFactor}
   *     get the whole factor
   * @param highFrequencyFactor wavelengths shorter than {@code originalContext /
   *     highFrequencyFactor} stay as they are
   * @param originalContext context length before stretching
   */
  public record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
      implements Scaling {

    @Override
    public double apply(float frequency) {
      double wavelength = 2 * Math.PI / frequency;
      if (wavelength < originalContext / highFrequencyFactor) {
        return frequency;
      }
      if (wavelength > originalContext / lowFrequencyFactor) {
        return frequency / factor;
      }
      double smooth =
          (originalContext / wavelength - lowFrequencyFactor)
              / (highFrequencyFactor - lowFrequencyFactor);
      return (1 - smooth) * frequency / factor + smooth * frequency;
    }
  }

  /** Radians per position of each pair of dimensions, {@code [headDimension / 2]}. */
  public double[] frequencies(int headDimension) {
    double[] frequencies = new double[headDimension / 2];
    for (int i = 0; i < frequencies.length; i++) {
      // transformers computes these in float32
      float frequency = (float) (1.0 / Math.pow(theta, 2.0 * i / headDimension));
      frequencies[i] = scaling == null ? frequency : scaling.apply(frequency);
    }
    return frequencies;
  }
}
