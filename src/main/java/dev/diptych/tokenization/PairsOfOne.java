package dev.diptych.tokenization;

import dev.diptych.tokenization.TextPairs.Kept;
import dev.diptych.tokenization.TextPairs.Truncation;
import dev.diptych.tokenization.Tokenizer.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of one first text with any second ones, such as a query with passages. Safe for use from
 * any number of threads.
 */
public final class PairsOfOne {

  private final TextPairs pairs;
  private final Tokenizer tokenizer;
  private final @Nullable PairTemplate template;
  private final String first;
  private final Truncation truncation;
  private final Kept kept;
  private final int[] firstIds; // of the part that the tokenizer sees
  private final int fewestOfFirst;
  private volatile int tokensOfWholeFirst = -1;

  PairsOfOne(
      TextPairs pairs,
      Tokenizer tokenizer,
      @Nullable PairTemplate template,
      String first,
      Truncation truncation,
      Kept kept) {
    this.pairs = pairs;
    this.tokenizer = tokenizer;
    this.template = template;
    this.first = first;
    this.truncation = truncation;
    this.kept = kept;
    String part = pairs.part(first, truncation, Truncation.ONLY_FIRST, kept);
    this.fewestOfFirst = tokenizer.fewestTokens(part);
    pairs.requireRoom(() -> fewestOfFirst, () -> 0, truncation);
    this.firstIds = template == null ? new int[0] : tokenizer.encode(part, false);
  }

  /**
   * The tokens of the pair with a second text.
   *
   * @throws dev.diptych.InvalidInput as {@link TextPairs#encode}
   */
  public PairTokens encode(String second) {
    if (template == null) {
      Encoding pair = pairs.encode(first, second, truncation, kept);
      return new PairTokens(pair.ids(), pair.typeIds());
    }
    String part = pairs.part(second, truncation, Truncation.ONLY_SECOND, kept);
    pairs.requireRoom(() -> fewestOfFirst, () -> tokenizer.fewestTokens(part), truncation);
    int[] secondIds = tokenizer.encode(part, false);
    int[] lengths = {firstIds.length, secondIds.length};
    pairs.shorten(lengths, () -> firstIsLonger(second), truncation);
    return switch (kept) {
      case BEGINNING -> template.pair(firstIds, 0, lengths[0], secondIds, 0, lengths[1]);
      case END ->
          template.pair(
              firstIds,
              firstIds.length - lengths[0],
              lengths[0],
              secondIds,
              secondIds.length - lengths[1],
              lengths[1]);
    };
  }

  /* As of TextPairs, with the first text counted once. */
  private boolean firstIsLonger(String second) {
    if (first.length() + second.length() > TextWorkers.LONG) {
      return first.length() > second.length();
    }
    if (tokensOfWholeFirst < 0) {
      tokensOfWholeFirst = tokenizer.encode(first, false).length;
    }
    return tokensOfWholeFirst > tokenizer.encode(second, false).length;
  }
}
