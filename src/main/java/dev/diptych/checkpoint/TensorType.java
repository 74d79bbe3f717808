package dev.diptych.checkpoint;

/** How the elements of a stored tensor are written. */
public sealed interface TensorType permits ElementType, GgmlType {

  /** Whether weights can be read from them. */
  boolean canBeWeights();
}
