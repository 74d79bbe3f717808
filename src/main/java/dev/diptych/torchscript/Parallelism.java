package dev.diptych.torchscript;

/** How a forward pass uses the cores. */
enum Parallelism {
  /** On one core. */
  NONE,
  /** Each operator on all cores. */
  WITHIN_OPERATORS,
  /** Parts of a batch beside each other, each on a core of its own. */
  ACROSS_PARTS
}
