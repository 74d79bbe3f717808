package dev.diptych.tasks.decision;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How probable each answer to a question is.
 *
 * <p>The array is not copied.
 *
 * @param probabilities of the question's answers in their order; they add up to 1
 * @param labelMass of a decoder: how probable it was that its next token would be a label at all,
 *     from 0 to 1; low where it wanted to write something else. Null where there are no labels
 */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(double[] probabilities, @Nullable Double labelMass) {

  /**
   * Probabilities from scores that are their logarithms up to a constant.
   *
   * @param scores finite, or negative infinity for what cannot be
   */
  static Answer ofScores(double[] scores, @Nullable Double labelMass) {
    double largest = Arrays.stream(scores).max().orElseThrow();
    double[] probabilities =
        Arrays.stream(scores).map(score -> Math.exp(score - largest)).toArray();
    double sum = Arrays.stream(probabilities).sum();
    return new Answer(Arrays.stream(probabilities).map(value -> value / sum).toArray(), labelMass);
  }

  /** The most probable one, the first of several. */
  public int best() {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return best;
  }

  /** The mean of the answers' places, counted from 0: what a score comes to. */
  public double expectation() {
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      sum += i * probabilities[i];
    }
    return sum;
  }

  /**
   * How far the best is above chance, from 0 to 1: (p - 1/n) / (1 - 1/n), as TypeSafe's adapters
   * and llama.cpp have it; 1 for a single answer.
   */
  public double confidence() {
    int count = probabilities.length;
    if (count == 1) {
      return 1;
    }
    double chance = 1.0 / count;
    return Math.clamp((probabilities[best()] - chance) / (1 - chance), 0, 1);
  }

  /** That of {@link #confidenceOfScore} for a score, else of {@link #confidence}. */
  public double confidenceIn(Question question) {
    return question instanceof Question.Score ? confidenceOfScore() : confidence();
  }

  /**
   * How close the levels of a score lie to the best one, from 0 to 1: 1 less the mean distance from
   * it, measured by that of evenly spread levels from their middle; 1 for a single level. From the
   * same source as {@link #confidence}.
   */
  public double confidenceOfScore() {
    int count = probabilities.length;
    if (count == 1) {
      return 1;
    }
    int mode = best();
    double spread = 0;
    double even = 0;
    for (int i = 0; i < count; i++) {
      spread += probabilities[i] * Math.abs(i - mode);
      even += Math.abs(i - (count - 1) / 2.0) / count;
    }
    return Math.clamp(1 - spread / even, 0, 1);
  }
}
