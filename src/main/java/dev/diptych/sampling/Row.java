package dev.diptych.sampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The scores of one row: its logits, divided by the temperature. */
final class Row {

  /*
   * One pass finds the best rank of every group of tokens. A search for the best few then looks only
   * at the groups that can hold one. The members of a group lie as far apart as there are groups, so
   * that the pass is a loop over neighbours, which becomes vector instructions; it does as the
   * maxima are doubles, which cannot be an alias of the logits. The distance is an odd number of cache
   * lines, so that the members do not compete for the same place in the cache.
   */

  private static final int GROUP = 32;
  private static final int LINE = 16; // floats in a line of the CPU's cache
  private static final float[] NONE = {};

  final int size;
  private final double[] maxima;
  private float[] logits = NONE;
  private int offset;
  private float shift;
  private float temperature = 1;
  private float largest;

  Row(int size) {
    this.size = size;
    this.maxima = new double[(Math.ceilDiv(size, GROUP * LINE) | 1) * LINE];
  }

  /**
   * Starts over with {@code logits[offset, offset + size)}.
   *
   * @return false if one of them is NaN or the largest is infinite
   */
  boolean open(float[] logits, int offset, @Nullable Float temperature) {
    this.logits = logits;
    this.offset = offset;
    this.shift = 0;
    this.temperature = 1;
    Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
    for (int from = 0; from < size; from += maxima.length) {
      raise(maxima, logits, offset + from, Math.min(maxima.length, size - from));
    }
    largest = (float) best();
    if (!Float.isFinite(largest)) {
      return false;
    }
    if (temperature != null && temperature != 1) {
      divide(temperature);
    }
    return true;
  }

  /* Relative to the largest logit, so that no temperature, however small, makes it infinite. */
  private void divide(float divisor) {
    shift = largest;
    temperature = divisor;
    largest = 0;
    for (int group = 0; group < maxima.length; group++) {
      maxima[group] = ((float) maxima[group] - shift) / divisor;
    }
  }

  float score(int id) {
    return (logits[offset + id] - shift) / temperature;
  }

  float largest() {
    return largest;
  }

  /** The best token. */
  int first() {
    int first = size;
    for (int group = 0; group < maxima.length; group++) {
      if (maxima[group] == largest) {
        for (int id = group; id < first; id += maxima.length) {
          if (score(id) == largest) {
            first = id;
          }
        }
      }
    }
    return first;
  }

  /** Puts the exponentials of the scores that begin at this token, relative to the largest. */
  void raise(int from, Exponentials block) {
    block.load(logits, offset + from, Math.min(Exponentials.BLOCK, size - from));
    if (temperature != 1) {
      block.divide(shift, temperature);
    }
    block.raise(largest);
  }

  /** Makes the groups known by another ranking than that by score, until it is opened again. */
  void rank(Ranking ranking) {
    if (ranking.byScore()) {
      return;
    }
    Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
    for (int from = 0; from < size; from += maxima.length) {
      int count = Math.min(maxima.length, size - from);
      approach(maxima, logits, offset + from, count, ranking.center());
    }
  }

  /**
   * Finds the {@code count} best tokens and those about as good as the last of them.
   *
   * @param ids receives the tokens, in no particular order
   * @return how many there are
   */
  int findBest(int count, Ranking ranking, Distances distances, int[] ids, float[] scores) {
    if (count > maxima.length * 2 / 3) {
      return findWithin(Float.POSITIVE_INFINITY, ranking, ids, scores);
    }
    float best = (float) best();
    distances.clear();
    for (double maximum : maxima) {
      distances.add(best - (float) maximum, 1);
    }
    float limit = Distances.limit(distances.reaching(count));
    if (count > maxima.length / 4) {
      return findWithin(limit, ranking, ids, scores);
    }
    int found = 0;
    for (int group = 0; group < maxima.length; group++) {
      if (best - (float) maxima[group] <= limit) {
        for (int id = group; id < size; id += maxima.length) {
          float score = score(id);
          if (best - ranking.of(score) <= limit) {
            ids[found] = id;
            scores[found++] = score;
          }
        }
      }
    }
    return found;
  }

  /** Finds the tokens within this distance from the best, like {@link #findBest}. */
  int findWithin(float limit, Ranking ranking, int[] ids, float[] scores) {
    float best = (float) best();
    boolean isDivided = temperature != 1;
    int found = 0;
    for (int id = 0; id < size; id++) {
      float score = isDivided ? score(id) : logits[offset + id];
      ids[found] = id;
      scores[found] = score;
      found += best - ranking.of(score) <= limit ? 1 : 0; // faster than a branch
    }
    return found;
  }

  private double best() {
    double best = Double.NEGATIVE_INFINITY;
    for (double maximum : maxima) {
      best = Math.max(best, maximum);
    }
    return best;
  }

  private static void raise(double[] maxima, float[] logits, int from, int count) {
    for (int group = 0; group < count; group++) {
      maxima[group] = Math.max(maxima[group], logits[from + group]);
    }
  }

  private void approach(double[] maxima, float[] logits, int from, int count, double center) {
    float taken = shift;
    float divisor = temperature;
    for (int group = 0; group < count; group++) {
      double score = (logits[from + group] - taken) / divisor;
      maxima[group] = Math.max(maxima[group], -Math.abs(score - center));
    }
  }
}
