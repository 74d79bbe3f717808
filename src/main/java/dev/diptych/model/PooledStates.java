package dev.diptych.model;

import dev.diptych.model.blueprint.Pooling;

/** How hidden states become vectors where no backend has pooled them. */
final class PooledStates {

  private PooledStates() {}

  /**
   * Writes the vector of one text.
   *
   * @param states {@code [tokens * hidden]}, row by row
   * @param skipped how many tokens at the beginning are not pooled; the last one always is
   * @param target where the vector goes, {@code hidden} numbers beginning at {@code at}
   */
  static void write(
      Pooling pooling, float[] states, int hidden, int skipped, float[] target, int at) {
    int tokens = states.length / hidden;
    int first = Math.min(skipped, tokens - 1);
    switch (pooling) {
      case CLS -> System.arraycopy(states, first * hidden, target, at, hidden);
      case LAST_TOKEN -> System.arraycopy(states, (tokens - 1) * hidden, target, at, hidden);
      case MAX -> largest(states, hidden, first, target, at);
      case MEAN -> sum(states, hidden, first, false, 1f / (tokens - first), target, at);
      case MEAN_SQRT_LENGTH ->
          sum(states, hidden, first, false, (float) (1 / Math.sqrt(tokens - first)), target, at);
      case WEIGHTED_MEAN -> {
        long weights = ((long) tokens * (tokens + 1) - (long) first * (first + 1)) / 2;
        sum(states, hidden, first, true, 1f / weights, target, at);
      }
    }
  }

  private static void largest(float[] states, int hidden, int first, float[] target, int at) {
    System.arraycopy(states, first * hidden, target, at, hidden);
    for (int row = (first + 1) * hidden; row < states.length; row += hidden) {
      for (int i = 0; i < hidden; i++) {
        target[at + i] = Math.max(target[at + i], states[row + i]);
      }
    }
  }

  private static void sum(
      float[] states,
      int hidden,
      int first,
      boolean byPosition,
      float scale,
      float[] target,
      int at) {
    for (int token = first; token < states.length / hidden; token++) {
      float weight = byPosition ? token + 1 : 1;
      int row = token * hidden;
      for (int i = 0; i < hidden; i++) {
        target[at + i] += weight * states[row + i];
      }
    }
    for (int i = 0; i < hidden; i++) {
      target[at + i] *= scale;
    }
  }
}
