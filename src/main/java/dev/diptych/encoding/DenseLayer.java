package dev.diptych.encoding;

import dev.diptych.model.DenseActivation;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer with a function behind it, to whose outcome the vector itself may be added.
 *
 * @param addsVector whether it is added
 * @param projection makes the vector as wide as the outcome before it is added; null if it is
 */
public record DenseLayer(
    LinearLayer linear,
    DenseActivation activation,
    boolean addsVector,
    @Nullable LinearLayer projection)
    implements VectorModule {

  @Override
  public int outputs(int inputs) {
    return linear.outputs();
  }

  @Override
  public float[][] apply(float[][] vectors) {
    float[][] results = linear.apply(vectors);
    for (float[] result : results) {
      activation.apply(result);
    }
    if (addsVector) {
      float[][] added = projection == null ? vectors : projection.apply(vectors);
      for (int i = 0; i < results.length; i++) {
        for (int output = 0; output < results[i].length; output++) {
          results[i][output] += added[i][output];
        }
      }
    }
    return results;
  }
}
