package dev.diptych.encoding;

import dev.diptych.InferenceFailed;
import java.util.Arrays;

/** Arithmetic on embeddings; sums are kept in float64. */
final class Vectors {

  private Vectors() {}

  /** The first numbers of a vector, then made of length 1 if asked. A zero vector stays zero. */
  static float[] shaped(float[] vector, VectorOptions options) {
    float[] kept =
        options.dimensions() == null ? vector : Arrays.copyOf(vector, options.dimensions());
    double norm = Math.sqrt(dot(kept, kept));
    if (!options.normalize() || norm == 0) {
      return kept;
    }
    float[] unit = new float[kept.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (kept[i] / norm);
    }
    return unit;
  }

  /** The cosine of the angle between two vectors of equal length; 0 if one of them is zero. */
  static float cosine(float[] a, float[] b) {
    double norms = Math.sqrt(dot(a, a) * dot(b, b));
    return norms == 0 ? 0 : (float) (dot(a, b) / norms);
  }

  /** Refuses numbers that JSON cannot express, which only a broken model or precision gives. */
  static float[] finite(float[] vector) {
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new InferenceFailed("the model gave a number that is not finite: " + value);
      }
    }
    return vector;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
