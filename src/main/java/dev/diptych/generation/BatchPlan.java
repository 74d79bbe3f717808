package dev.diptych.generation;

import java.util.List;

/**
 * The work of one step.
 *
 * @param steps changes of the cache, to be made in this order, and parts of prompts, to be computed
 *     after all of these
 * @param decoding to be decoded together, beside the parts of prompts
 */
record BatchPlan(List<CacheStep> steps, DecodeBatch decoding) {

  BatchPlan {
    steps = List.copyOf(steps);
  }
}
