package dev.diptych.model.blueprint;

import java.util.List;
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

    /** Most positions for which it is right. */
    default int context() {
      return Integer.MAX_VALUE;
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

  /**
   * YaRN (arXiv:2309.00071, {@code rope_type} yarn): high frequencies stay as they are, low ones
   * are slowed down, those in between in part.
   *
   * @param magnitude that transformers calls the attention factor
   * @param fastRotations pairs that turn more often than this in the original context stay
   * @param slowRotations those that turn less often are slowed down wholly
   * @param originalContext context length before stretching
   * @param truncate whether both bounds are whole pairs
   */
  public record Yarn(
      double factor,
      double magnitude,
      double fastRotations,
      double slowRotations,
      int originalContext,
      boolean truncate)
      implements Scaling {

    @Override
    public double apply(float frequency, int pair, RotaryEmbedding rotary) {
      double low = bound(fastRotations, rotary);
      double high = bound(slowRotations, rotary);
      low = Math.max(truncate ? Math.floor(low) : low, 0);
      high = Math.min(truncate ? Math.ceil(high) : high, rotary.width - 1);
      double between = (pair - low) / (low == high ? 0.001 : high - low);
      float slowed = (float) Math.clamp(between, 0, 1);
      return (float) (frequency / factor) * slowed + frequency * (1 - slowed);
    }

    /* The pair, not a whole one, that turns so often in the original context. */
    private double bound(double rotations, RotaryEmbedding rotary) {
      return rotary.width
          * Math.log(originalContext / (rotations * 2 * Math.PI))
          / (2 * Math.log(rotary.theta));
    }
  }

  /**
   * LongRoPE (arXiv:2402.13753, {@code rope_type} longrope) of sequences within the original
   * context: each frequency has its own factor.
   *
   * @param factors by which frequencies are slowed down, one for each pair of channels
   * @param magnitude that transformers calls the attention factor
   * @param context in which these factors are right; longer sequences would need others, also for
   *     the tokens that are computed already
   */
  public record LongRope(List<Double> factors, double magnitude, int context) implements Scaling {

    public LongRope {
      factors = List.copyOf(factors);
    }

    @Override
    public double apply(float frequency, int pair, RotaryEmbedding rotary) {
      return frequency / factors.get(pair);
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

  /** Most positions for which the frequencies are right. */
  public int context() {
    return scaling == null ? Integer.MAX_VALUE : scaling.context();
  }
}
