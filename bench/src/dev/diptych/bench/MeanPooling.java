package dev.diptych.bench;

import java.nio.FloatBuffer;

/** The mean of each text's token states, scaled to length 1. */
final class MeanPooling {

  private MeanPooling() {}

  /**
   * One vector for each text, {@code [texts][hidden]}.
   *
   * @param states {@code [texts, length, hidden]}
   * @param mask {@code [texts, length]}, 1 for a token and 0 for padding
   */
  static float[][] unitVectors(FloatBuffer states, long[] mask, int length, int hidden) {
    int texts = mask.length / length;
    float[][] vectors = new float[texts][hidden];
    float[] state = new float[hidden];
    for (int text = 0; text < texts; text++) {
      float[] vector = vectors[text];
      for (int position = 0; position < length; position++) {
        if (mask[text * length + position] == 1) {
          states.get((text * length + position) * hidden, state);
          for (int i = 0; i < hidden; i++) {
            vector[i] += state[i];
          }
        }
      }
      scaleToUnit(vector);
    }
    return vectors;
  }

  private static void scaleToUnit(float[] vector) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    float factor = (float) (1 / Math.max(Math.sqrt(square), 1e-12));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
  }
}
