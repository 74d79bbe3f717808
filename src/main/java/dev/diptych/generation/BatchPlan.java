package dev.diptych.generation;

import java.util.List;

/**
 * The work of one step.
 *
 * @param steps to be done first, in this order
 * @param decoding then to be decoded together; the index is the slot
 */
record BatchPlan(List<CacheStep> steps, List<Sequence> decoding) {

  BatchPlan {
    steps = List.copyOf(steps);
    decoding = List.copyOf(decoding);
  }
}
