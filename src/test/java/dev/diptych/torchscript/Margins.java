package dev.diptych.torchscript;

import tools.jackson.databind.JsonNode;

/** Distances between the best and the second-best logit of a recorded greedy generation. */
final class Margins {

  private Margins() {}

  /** How many tokens come before the first margin below a limit. */
  static int firstBelow(JsonNode margins, double limit) {
    for (int i = 0; i < margins.size(); i++) {
      if (margins.get(i).doubleValue() < limit) {
        return i;
      }
    }
    return margins.size();
  }
}
