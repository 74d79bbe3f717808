package dev.diptych.encoding;

import dev.diptych.model.blueprint.Pooling;
import java.util.List;

/**
 * How the states of a text's tokens become its vector.
 *
 * @param poolings whose outcomes stand one behind the other
 * @param modules what is done with that, one after another
 */
public record SentenceVectors(List<Pooling> poolings, List<VectorModule> modules) {

  public SentenceVectors {
    poolings = List.copyOf(poolings);
    modules = List.copyOf(modules);
  }

  /** One pooling and nothing behind it. */
  public static SentenceVectors of(Pooling pooling) {
    return new SentenceVectors(List.of(pooling), List.of());
  }

  /** Width of a text's vector, of token states of a width. */
  public int width(int hidden) {
    int width = poolings.size() * hidden;
    for (VectorModule module : modules) {
      width = module.outputs(width);
    }
    return width;
  }

  /** Numbers that are held at once while a vector is made. */
  long held(int hidden) {
    int width = poolings.size() * hidden;
    long most = 2L * width; // as it was computed, and as it was asked for
    for (VectorModule module : modules) {
      int next = module.outputs(width);
      most = Math.max(most, width + 2L * next);
      width = next;
    }
    return most;
  }

  /** The vectors of texts of which some are pooled. */
  float[][] of(float[][] pooled) {
    float[][] vectors = pooled;
    for (VectorModule module : modules) {
      vectors = module.apply(vectors);
    }
    return vectors;
  }
}
