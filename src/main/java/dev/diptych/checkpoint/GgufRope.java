package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.util.List;
import java.util.Map;

/** How a GGUF file scales rotary positions, in Hugging Face's terms. */
final class GgufRope {

  /** Llama 3's divisors of the rotary frequencies, float32 of half the head size. */
  static final String FREQUENCIES = "rope_freqs.weight";

  /*
   * Llama 3 divides the frequency of wavelength w by
   *   1                                   if w < original / high,
   *   factor                              if w > original / low,
   *   1 / ((1 - s) / factor + s)          else, with s = (original / w - low) / (high - low).
   * GGUF stores the divisors only. The factor is the largest one; low is 1 and high 4 in every
   * released model, so one smoothed divisor gives the original context; without one, every context
   * between the other two cases means the same. All divisors are then computed again and compared.
   */

  private static final double LOW = 1;
  private static final double HIGH = 4;
  private static final double TOLERANCE = 1e-3;

  private GgufRope() {}

  /** Hugging Face's {@code rope_scaling}, empty for none. */
  static Map<String, Object> scaling(Gguf gguf, String prefix, int headSize, double theta)
      throws InvalidCheckpoint {
    GgufMetadata metadata = gguf.metadata();
    Gguf.Tensor divisors = gguf.tensors().get(FREQUENCIES);
    double factor = factor(metadata, prefix);
    if (divisors != null) {
      if (factor != 1) {
        throw metadata.invalid(
            "a rope scaling by %s besides the tensor '%s' is not supported"
                .formatted(factor, FREQUENCIES));
      }
      return llama3(gguf, divisors, headSize, theta);
    }
    return factor == 1 ? Map.of() : JsonFile.object("rope_type", "linear", "factor", factor);
  }

  /* As llama.cpp: linear unless another type is said, and an older key for the factor. */
  private static double factor(GgufMetadata metadata, String prefix) throws InvalidCheckpoint {
    String type = metadata.optionalText(prefix + "rope.scaling.type").orElse("linear");
    return switch (type) {
      case "none" -> 1;
      case "linear" ->
          metadata
              .optionalPositive(prefix + "rope.scaling.factor")
              .orElse(metadata.optionalPositive(prefix + "rope.scale_linear").orElse(1.0));
      default ->
          throw metadata.invalid(
              "the rope scaling %s is not supported; none, linear and llama3 are"
                  .formatted(quote(type)));
    };
  }

  private static Map<String, Object> llama3(
      Gguf gguf, Gguf.Tensor tensor, int headSize, double theta) throws InvalidCheckpoint {
    if (tensor.type() != GgmlType.F32 || !tensor.shape().equals(List.of(headSize / 2L))) {
      throw gguf.metadata()
          .invalid(
              "tensor '%s' is %s of shape %s, but F32 of [%d] is expected"
                  .formatted(FREQUENCIES, tensor.type(), tensor.shape(), headSize / 2));
    }
    float[] divisors = new float[headSize / 2];
    tensor.dequantize(0, divisors, 0, divisors.length);
    double factor = 1;
    for (float divisor : divisors) {
      factor = Math.max(factor, divisor);
    }
    if (factor <= 1 || !Double.isFinite(factor)) {
      throw notLlama3(gguf);
    }
    long original = originalContext(divisors, factor, theta);
    for (int i = 0; i < divisors.length; i++) {
      double expected = divisor(wavelength(i, divisors.length, theta), factor, (double) original);
      if (!(Math.abs(divisors[i] - expected) <= TOLERANCE * expected)) {
        throw notLlama3(gguf);
      }
    }
    return JsonFile.object(
        "rope_type", "llama3",
        "factor", Double.parseDouble(Float.toString((float) factor)),
        "low_freq_factor", LOW,
        "high_freq_factor", HIGH,
        "original_max_position_embeddings", original);
  }

  private static long originalContext(float[] divisors, double factor, double theta) {
    double upper = 1;
    for (int i = divisors.length - 1; i >= 0; i--) {
      double wavelength = wavelength(i, divisors.length, theta);
      if (divisors[i] < factor * (1 - TOLERANCE)) {
        if (divisors[i] <= 1 + TOLERANCE) {
          break;
        }
        double smooth = (1 / divisors[i] - 1 / factor) / (1 - 1 / factor);
        return Math.round(wavelength * (smooth * (HIGH - LOW) + LOW));
      }
      upper = wavelength;
    }
    return (long) upper;
  }

  private static double wavelength(int index, int count, double theta) {
    return 2 * Math.PI * Math.pow(theta, (double) index / count);
  }

  private static double divisor(double wavelength, double factor, double original) {
    if (wavelength < original / HIGH) {
      return 1;
    }
    if (wavelength > original / LOW) {
      return factor;
    }
    double smooth = (original / wavelength - LOW) / (HIGH - LOW);
    return 1 / ((1 - smooth) / factor + smooth);
  }

  private static InvalidCheckpoint notLlama3(Gguf gguf) {
    return gguf.metadata()
        .invalid("tensor '%s' does not follow Llama 3's rule".formatted(FREQUENCIES));
  }
}
