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
   * same whatever is filtered. No result depends on where a candidate lies in the buffers: a random
   * number chooses along the ids of a whole row, and along the last ranking after a filter.
   */

  final Row row;
  private final int[] ids;
  private final float[] scores;
  private final float[] weights;
  private final long[] keys;
  private final Exponentials block = new Exponentials();
  private final RowWeights rowWeights;
  private final Distances distances = new Distances();
  private Ranking order = Ranking.BY_SCORE;
  private boolean whole;
  private int size;
  private float[] untouched = {};

  /** Buffers for a vocabulary of this size. */
  public Candidates(int vocabularySize) {
    row = new Row(vocabularySize);
    ids = new int[vocabularySize];
    scores = new float[vocabularySize];
    weights = new float[vocabularySize];
    keys = new long[vocabularySize];
    rowWeights = new RowWeights(row, block);
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

  /** Keeps a copy of a row that is about to be changed. */
  void keepUntouched(float[] logits, int offset) {
    if (untouched.length == 0) {
      untouched = new float[row.size];
    }
    System.arraycopy(logits, offset, untouched, 0, row.size);
  }

  /** Starts over with the row as it was kept. */
  void openUntouched() {
    open(untouched, 0, null);
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
    order = ranking;
    size = row.findBest(count, ranking, distances, ids, scores);
    whole = false;
  }

  /** Narrows the row to the tokens within a distance from its best; weights are not known yet. */
  void findWithin(float limit, Ranking ranking) {
    order = ranking;
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
    if (whole) {
      return rowWeights.sum();
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /** The mean score, each as often as its weight says, relative to the largest score. */
  double meanScore(double mass) {
    if (whole) {
      return rowWeights.weightedSum() / mass;
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      if (weights[i] > 0) {
        sum += weights[i] * (double) (scores[i] - row.largest());
      }
    }
    return sum / mass;
  }

  /** Keeps the best {@code count} and computes their weights. */
  void keepCount(int count) {
    if (count < size) {
      Arrays.fill(weights, 0, size, 1);
      keep(count, true);
    }
    weigh();
  }

  /** Keeps those whose scores are within a distance from the best, and knows their weights. */
  void keepWithin(float limit) {
    if (whole) {
      findWithin(limit, Ranking.BY_SCORE);
      weigh();
      return;
    }
    order = Ranking.BY_SCORE;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (row.largest() - scores[i] <= limit) {
        move(i, kept++);
      }
    }
    size = kept;
  }

  private void move(int from, int to) {
    ids[to] = ids[from];
    scores[to] = scores[from];
    weights[to] = weights[from];
  }

  /** Keeps the fewest best whose weights add up to this; all, and says false, if none do. */
  boolean keepMass(double needed, Ranking ranking) {
    order = ranking;
    return keep(needed, false);
  }

  private boolean keep(double needed, boolean counted) {
    float best = measure();
    if (distances.reaching(needed) == Distances.BINS) {
      return false;
    }
    long last = reaching(needed, best, counted);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (Ranking.key(order.of(scores[i]), ids[i]) <= last) {
        move(i, kept++);
      }
    }
    size = kept;
    return true;
  }

  /* Adds up the weights by their distance from the best rank, and gives that. */
  private float measure() {
    float best = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      best = Math.max(best, order.of(scores[i]));
    }
    distances.clear();
    for (int i = 0; i < size; i++) {
      distances.add(best - order.of(scores[i]), weights[i]);
    }
    return best;
  }

  /*
   * The key of the candidate with which the weights, best first, reach what is needed. Only those at
   * the boundary are put in order; the last of them if rounding leaves the sum below.
   */
  private long reaching(double needed, float best, boolean counted) {
    int boundary = distances.reaching(needed);
    int count = 0;
    for (int i = 0; i < size; i++) {
      float rank = order.of(scores[i]);
      if (Distances.bin(best - rank) == boundary && weights[i] > 0) {
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
   * {@link #mass}; one of positive weight even if rounding leaves the sum below.
   */
  int tokenAt(double threshold) {
    if (whole) {
      return rowWeights.tokenAt(threshold);
    }
    float best = measure();
    double needed = Math.min(Math.nextUp(threshold), distances.before(Distances.BINS));
    return Ranking.id(reaching(needed, best, false));
  }
}
