package dev.diptych.torchscript;

import dev.diptych.model.EncoderBatch;
import java.util.List;

/** Encoder batches from plain id lists. */
final class Batches {

  private Batches() {}

  static EncoderBatch of(List<int[]> inputs) {
    int[] offsets = new int[inputs.size() + 1];
    for (int i = 0; i < inputs.size(); i++) {
      offsets[i + 1] = offsets[i] + inputs.get(i).length;
    }
    int[] ids = new int[offsets[inputs.size()]];
    for (int i = 0; i < inputs.size(); i++) {
      System.arraycopy(inputs.get(i), 0, ids, offsets[i], inputs.get(i).length);
    }
    return new EncoderBatch(ids, new int[ids.length], offsets);
  }

  static float[] normalised(float[] vector) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / Math.sqrt(square));
    }
    return unit;
  }

  static double cosine(float[] a, float[] b) {
    float[] x = normalised(a);
    float[] y = normalised(b);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }
}
