package dev.diptych.sampling;

/**
 * What puts tokens in order: their scores, or how close these are to a centre. Of equal ranks the
 * smaller id comes first.
 */
record Ranking(boolean byScore, double center) {

  static final Ranking BY_SCORE = new Ranking(true, 0);

  static Ranking closestTo(double center) {
    return new Ranking(false, center);
  }

  /** The rank of a score; larger is better. */
  float of(float score) {
    return byScore ? score : (float) -Math.abs(score - center);
  }

  /** A number that is smaller for a token that comes earlier. */
  static long key(float rank, int id) {
    int bits = Float.floatToIntBits(rank + 0f);
    int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ~ascending << 32) | id;
  }

  /** The token of a {@link #key}. */
  static int id(long key) {
    return (int) key;
  }
}
