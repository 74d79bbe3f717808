package dev.diptych.encoding;

import org.jspecify.annotations.Nullable;

/**
 * The form of an embedding.
 *
 * @param normalize whether its Euclidean length is made 1
 * @param dimensions how many leading numbers are kept, before normalising; null keeps all
 */
public record VectorOptions(boolean normalize, @Nullable Integer dimensions) {

  /** Normalised, with all dimensions. */
  public static final VectorOptions DEFAULT = new VectorOptions(true, null);
}
