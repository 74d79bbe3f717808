package dev.diptych.torchscript;

/**
 * How much an encoder computes in one pass, so that other models do not wait long for its end: as
 * much as it has lately computed in a tenth of a second. Alone it computes as much as there is.
 */
final class PassLength {

  private static final double NANOS = 1e8;
  private static final int FEWEST = 128;
  private static final int MEASURABLE = 64; // a shorter pass says little of a token
  private static final double NEWEST = 0.2;

  private final InferenceThread thread;
  private volatile double nanosPerToken;

  PassLength(InferenceThread thread) {
    this.thread = thread;
  }

  /** A pass over so many tokens took so long. */
  void took(int tokens, long nanos) {
    if (tokens >= MEASURABLE) {
      double newest = (double) nanos / tokens;
      double before = nanosPerToken;
      nanosPerToken = before == 0 ? newest : before + NEWEST * (newest - before);
    }
  }

  /** Most tokens of the calling thread's next pass. */
  int tokens() {
    double perToken = nanosPerToken;
    return perToken == 0 || !thread.isShared()
        ? Integer.MAX_VALUE
        : Math.max(FEWEST, (int) (NANOS / perToken));
  }
}
