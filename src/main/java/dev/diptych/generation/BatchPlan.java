package dev.diptych.generation;

import java.util.List;

/**
 * The work of one step.
 *
 * @param steps changes of the cache, to be made in this order, and parts of prompts, to be computed
 *     after all of these
 * @param decoding to be decoded together, with the parts of prompts
 * @param promptsFirst whether the parts of prompts are computed before what decodes, not with it
 */
record BatchPlan(List<CacheStep> steps, DecodeBatch decoding, boolean promptsFirst) {

  BatchPlan {
    steps = List.copyOf(steps);
  }

  /** Whether there is nothing that can be done. */
  boolean isEmpty() {
    return steps.isEmpty() && decoding.count() == 0;
  }
}
