package dev.diptych.model.blueprint;

import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (RoFormer, arXiv:2104.09864).
 *
 * @param width how many of a head's channels rotate, its first ones; even
 * @param theta base of the frequencies
 * @param scaling how frequencies are stretched for longer contexts; null for not at all
 */
public record RotaryEmbedding(int width, double theta, @Nullable Scaling scaling) {

  /** A way to stretch, as transformers' {@code modeling_rope_utils.py} does it. */
  public sealed interface Scaling {

    /**
     * The stretched frequency of a pair of channels.
     *
     * @param frequency that transformers computes in float32
     * @param pair its number
     */
    double apply(float frequency, int pair, RotaryEmbedding rotary);

    /** What rotated queries and keys are multiplied by. */
    default double magnitude() {
      return 1;
    }
  }

  /**
   * All frequencies slowed down alike, which is the same as positions that lie closer together
   * ({@code rope_type} linear).
   */
  public record Linear(double factor) implements Scaling {

    @Override
    public double apply(float frequency, int pair, RotaryEmbedding rotary) {
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
    public double apply(float frequency, int pair, RotaryEmbedding rotary) {
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

  /** Radians per position of each pair of channels, {@code [width / 2]}. */
  public float[] frequencies() {
    float[] frequencies = new float[width / 2];
    for (int i = 0; i < frequencies.length; i++) {
      // transformers computes these in float32
      float frequency = (float) (1.0 / Math.pow(theta, 2.0 * i / width));
      frequencies[i] = (float) (scaling == null ? frequency : scaling.apply(frequency, i, this));
    }
    return frequencies;
  }

  /** What rotated queries and keys are multiplied by. */
  public double magnitude() {
    return scaling == null ? 1 : scaling.magnitude();
  }
}
