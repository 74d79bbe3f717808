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
   * Drafts are twice as long as what was accepted of the earlier ones on average. Where that is
   * little, each draft that fails entirely doubles the steps without one, up to a bound.
   *
   * How often the first token of a guess is right is known without computing a draft: the sequence
   * itself tells when it goes on.
   */

  static final int[] NO_DRAFT = {};

  private static final int LONGEST_AFTER_BIGRAM = 2;
  private static final double WEIGHT_OF_NEWEST = 0.25;
  private static final double WORTHWHILE = 0.6; // accepted tokens per draft
  private static final int LONGEST_PAUSE = 32;

  private final Sequence sequence;
  private final int mostTokens;
  private final NgramIndex trigrams = new NgramIndex(3);
  private final NgramIndex bigrams = new NgramIndex(2);
  private int indexed;
  private double meanAccepted = 1;
  private double hitRate = 0.5; // of the first tokens of guesses
  private int guess;
  private int guessedAt = Integer.MAX_VALUE; // where in the sequence the guess would stand
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
   */
  int[] draft() {
    int[] tokens = sequence.tokens();
    int size = sequence.size();
    learn(tokens, size);
    for (; indexed < size; indexed++) {
      trigrams.add(tokens, indexed);
      bigrams.add(tokens, indexed);
    }
    int length = Math.clamp(Math.round(2 * meanAccepted), 1, mostTokens);
    int from = trigrams.find(tokens, size);
    if (from == NgramIndex.NOWHERE) {
      from = bigrams.find(tokens, size);
      length = Math.min(length, LONGEST_AFTER_BIGRAM);
    }
    if (from != NgramIndex.NOWHERE) {
      guess = tokens[from];
      guessedAt = size;
    }
    if (pause > 0) {
      pause--;
      return NO_DRAFT;
    }
    return from == NgramIndex.NOWHERE
        ? NO_DRAFT
        : sequence.foreseeable(copy(from, Math.min(length, sequence.reservedTokens() - size - 1)));
  }

  private void learn(int[] tokens, int size) {
    if (guessedAt < size) {
      hitRate += WEIGHT_OF_NEWEST * ((tokens[guessedAt] == guess ? 1 : 0) - hitRate);
      guessedAt = Integer.MAX_VALUE;
    }
  }

  /** How many tokens of a draft will be right, if each is as often as the first ones were. */
  double expectedAccepted() {
    return Math.min(mostTokens, hitRate / (1 - hitRate));
  }

  /** Tells how many tokens of the latest draft, or of its first {@code drafted}, were right. */
  void verified(int drafted, int accepted) {
    if (drafted == 0) {
      return;
    }
    meanAccepted += WEIGHT_OF_NEWEST * (accepted - meanAccepted);
    if (accepted == drafted) {
      meanAccepted = Math.max(meanAccepted, drafted);
    }
    failuresInARow = accepted == 0 ? failuresInARow + 1 : 0;
    if (failuresInARow > 0 && meanAccepted < WORTHWHILE) {
      pause = Math.min(LONGEST_PAUSE, 1 << Math.min(failuresInARow, Integer.SIZE - 2));
    }
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
