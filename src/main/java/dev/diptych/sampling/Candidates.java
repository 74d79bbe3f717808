package dev.diptych.sampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a step may still choose from, with their scores: at first all of a row, then what
 * filters leave. The buffers are made once for a vocabulary and used by every sequence of one
 * thread.
 */
public final class Candidates {

  /*
   * A weight is the exponential of a score relative to the largest of the row, so that it stays the
   * same whatever is filtered. No result depends on where a candidate lies in the buffers, except
   * which one a random number chooses.
   */

  final Row row;
  private final int[] ids;
  private final float[] scores;
  private final float[] weights;
  private final long[] keys;
  private final double[] blockSums;
  private final Exponentials block = new Exponentials();
  private final Distances distances = new Distances();
  private boolean whole;
  private int size;

  /** Buffers for a vocabulary of this size. */
  public Candidates(int vocabularySize) {
    row = new Row(vocabularySize);
    ids = new int[vocabularySize];
    scores = new float[vocabularySize];
    weights = new float[vocabularySize];
    keys = new long[vocabularySize];
    blockSums = new double[Math.ceilDiv(vocabularySize, Exponentials.BLOCK)];
  }

  /**
   * Starts over with all of a row, which must not change while this is used.
   *
   * @return false if one of its logits is NaN or the largest is infinite
   */
  boolean open(float[] logits, int offset, @Nullable Float temperature) {
    whole = true;
    size = row.size;
    return row.open(logits, offset, temperature);
  }

  /** Whether nothing has been filtered. */
  boolean isWhole() {
    return whole;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  int id(int candidate) {
    return ids[candidate];
  }

  float score(int candidate) {
    return scores[candidate];
  }

  /** Narrows the row to its best tokens, at least {@code count}; weights are not known yet. */
  void findBest(int count, Ranking ranking) {
    size = row.findBest(count, ranking, distances, ids, scores);
    whole = false;
  }

  /** Narrows the row to the tokens within a distance from its best; weights are not known yet. */
  void findWithin(float limit, Ranking ranking) {
    size = row.findWithin(limit, ranking, ids, scores);
    whole = false;
  }

  /** Computes the weights of what was found. */
  void weigh() {
    for (int from = 0; from < size; from += Exponentials.BLOCK) {
      int count = Math.min(Exponentials.BLOCK, size - from);
      block.load(scores, from, count);
      block.raise(row.largest());
      System.arraycopy(block.values, 0, weights, from, count);
    }
  }

  /** The sum of all weights. */
  double mass() {
    double sum = 0;
    if (whole) {
      for (int i = 0; i < blockSums.length; i++) {
        row.raise(i * Exponentials.BLOCK, block);
        blockSums[i] = block.sum();
        sum += blockSums[i];
      }
      return sum;
    }
    for (int i = 0; i < size; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /** The mean score, each as often as its weight says, relative to the largest score. */
  double meanScore(double mass) {
    double sum = 0;
    if (whole) {
      for (int i = 0; i < blockSums.length; i++) {
        row.raise(i * Exponentials.BLOCK, block);
        sum += block.weightedSum();
      }
      return sum / mass;
    }
    for (int i = 0; i < size; i++) {
      if (weights[i] > 0) {
        sum += weights[i] * (double) (scores[i] - row.largest());
      }
    }
    return sum / mass;
  }

  /** Keeps the best {@code count}. */
  void keepCount(int count, Ranking ranking) {
    if (count < size) {
      Arrays.fill(weights, 0, size, 1);
      keep(ranking, count, true);
    }
    weigh();
  }

  /** Keeps the fewest best whose weights add up to this; all, and says false, if none do. */
  boolean keepMass(double needed, Ranking ranking) {
    return keep(ranking, needed, false);
  }

  private boolean keep(Ranking ranking, double needed, boolean counted) {
    float best = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      best = Math.max(best, ranking.of(scores[i]));
    }
    distances.clear();
    for (int i = 0; i < size; i++) {
      distances.add(best - ranking.of(scores[i]), weights[i]);
    }
    int boundary = distances.reaching(needed);
    if (boundary == Distances.BINS) {
      return false;
    }
    long last = lastKept(ranking, best, boundary, needed, counted);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (Ranking.key(ranking.of(scores[i]), ids[i]) <= last) {
        ids[kept] = ids[i];
        scores[kept] = scores[i];
        weights[kept++] = weights[i];
      }
    }
    size = kept;
    return true;
  }

  /* Puts the candidates of the boundary in order and finds the one that reaches what is needed. */
  private long lastKept(Ranking ranking, float best, int boundary, double needed, boolean counted) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      float rank = ranking.of(scores[i]);
      if (Distances.bin(best - rank) == boundary) {
        keys[count++] = Ranking.key(rank, ids[i]);
      }
    }
    Arrays.sort(keys, 0, count);
    double sum = distances.before(boundary);
    for (int i = 0; i < count - 1; i++) {
      sum += counted ? 1 : Exponentials.of(row.score(Ranking.id(keys[i])) - row.largest());
      if (sum >= needed) {
        return keys[i];
      }
    }
    return keys[count - 1];
  }

  /**
   * The token at which the sum of the weights exceeds {@code threshold}, which is below their
   * {@link #mass}.
   */
  int tokenAt(double threshold) {
    if (!whole) {
      return ids[exceeding(threshold, 0, weights, size)];
    }
    double sum = 0;
    double before = 0;
    int index = 0;
    for (int i = 0; i < blockSums.length && sum <= threshold; i++) {
      if (blockSums[i] > 0) {
        index = i;
        before = sum;
      }
      sum += blockSums[i];
    }
    row.raise(index * Exponentials.BLOCK, block);
    int first = index * Exponentials.BLOCK;
    return first
        + exceeding(threshold, before, block.values, Math.min(Exponentials.BLOCK, size - first));
  }

  /* The last of positive weight where rounding leaves the sum below the threshold. */
  private static int exceeding(double threshold, double before, float[] weights, int count) {
    double sum = before;
    int last = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[i];
      if (weights[i] > 0) {
        last = i;
      }
      if (sum > threshold) {
        return last;
      }
    }
    return last;
  }
}
