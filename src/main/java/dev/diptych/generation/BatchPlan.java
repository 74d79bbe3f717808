package dev.diptych.generation;

import java.util.List;

/**
 * The work of one step.
 *
 * @param steps to be done first, in this order
 * @param decoding then to be decoded together
 */
record BatchPlan(List<CacheStep> steps, DecodeBatch decoding) {

  BatchPlan {
    steps = List.copyOf(steps);
  }
}
