package dev.diptych.encoding;

/** What makes vectors of vectors, each of itself alone. */
public sealed interface VectorModule permits DenseLayer, UnitLength {

  /** Width of what it makes of vectors of a width. */
  int outputs(int inputs);

  /** What it makes of each vector. */
  float[][] apply(float[][] vectors);
}
