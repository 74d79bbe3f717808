package dev.diptych.generation;

/**
 * Guesses how a sequence goes on: as it did where its last tokens occurred before.
 *
 * <p>Prompt lookup decoding is from Saxena 2023 (github.com/apoorvumang/prompt-lookup-decoding).
 */
final class Drafter {

  /*
   * A trigram is looked up first, then a bigram, which is right less often and gets a short draft.
   * Where the copy reaches the end of the sequence it goes on with what it has copied, so that a
   * loop is continued for as long as wanted.
   *
   * The chance that a token of a draft is right if those before it are is learnt from earlier
   * drafts. Where it is too low for even one token, a token is tried now and then: each one that
   * fails doubles the steps without a draft, up to a bound.
   */

  static final int[] NO_DRAFT = {};

  private static final int LONGEST_AFTER_BIGRAM = 2;
  private static final double WEIGHT_OF_NEWEST = 0.25;
  private static final double WORTHWHILE = 0.375;
  private static final int LONGEST_PAUSE = 32;

  private final Sequence sequence;
  private final int mostTokens;
  private final NgramIndex trigrams = new NgramIndex(3);
  private final NgramIndex bigrams = new NgramIndex(2);
  private int indexed;
  private double acceptance = 0.5; // of a token behind accepted ones
  private double leastChance;
  private int failuresInARow;
  private int pause;

  /**
   * A drafter that knows nothing of the sequence yet.
   *
   * @param mostTokens longest draft, at least 1
   */
  Drafter(Sequence sequence, int mostTokens) {
    this.sequence = sequence;
    this.mostTokens = mostTokens;
  }

  /**
   * What may follow the sequence's last token; empty if nothing suggests itself. Always leaves room
   * for the token that the model adds.
   *
   * @param leastChance that the last token of the draft is right, between 0 and 1
   */
  int[] draft(double leastChance) {
    this.leastChance = leastChance;
    if (pause > 0) {
      pause--;
      return NO_DRAFT;
    }
    int[] tokens = sequence.tokens();
    int size = sequence.size();
    for (; indexed < size; indexed++) {
      trigrams.add(tokens, indexed);
      bigrams.add(tokens, indexed);
    }
    int length = longest();
    int from = trigrams.find(tokens, size);
    if (from == NgramIndex.NOWHERE) {
      from = bigrams.find(tokens, size);
      length = Math.min(length, LONGEST_AFTER_BIGRAM);
    }
    return from == NgramIndex.NOWHERE
        ? NO_DRAFT
        : copy(from, Math.min(length, sequence.reservedTokens() - size - 1));
  }

  /** Tells how many tokens of the latest draft, or of its first {@code drafted}, were right. */
  void verified(int drafted, int accepted) {
    if (drafted == 0) {
      return;
    }
    for (int i = 0; i < accepted; i++) {
      acceptance += WEIGHT_OF_NEWEST * (1 - acceptance);
    }
    if (accepted < drafted) {
      acceptance -= WEIGHT_OF_NEWEST * acceptance;
    }
    failuresInARow = accepted == 0 ? failuresInARow + 1 : 0;
    if (failuresInARow > 0 && acceptance < Math.max(WORTHWHILE, leastChance)) {
      pause = Math.min(LONGEST_PAUSE, 1 << Math.min(failuresInARow, Integer.SIZE - 2));
    }
  }

  /* The tokens whose chance to be right, all before them included, is not too low; at least one. */
  private int longest() {
    return Math.clamp((long) (Math.log(leastChance) / Math.log(acceptance)), 1, mostTokens);
  }

  private int[] copy(int from, int length) {
    int[] draft = new int[length];
    for (int i = 0; i < length; i++) {
      int behind = from + i - sequence.size();
      draft[i] = behind < 0 ? sequence.tokens()[from + i] : draft[behind];
    }
    return draft;
  }
}
