package dev.diptych.tokenization;

import dev.diptych.tokenization.TextPairs.Kept;
import dev.diptych.tokenization.TextPairs.Truncation;
import dev.diptych.tokenization.Tokenizer.Encoding;
import java.util.Arrays;
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
    this.firstIds = template == null ? new int[0] : pairs.ids(part);
  }

  /**
   * The tokens of the pair with a second text.
   *
   * @throws dev.diptych.InvalidInput as {@link TextPairs#encode}
   */
  public PairTokens encode(String second) {
    return encode(second, Integer.MAX_VALUE);
  }

  /**
   * As {@link #encode(String)}, of a second text that is first cut to a number of tokens.
   *
   * @param most of its tokens, at least 1
   */
  public PairTokens encode(String given, int most) {
    String second = pairs.second(given);
    if (template == null) {
      Encoding pair = pairs.encode(first, cut(second, most), truncation, kept);
      return new PairTokens(pair.ids(), pair.typeIds());
    }
    String part = pairs.part(second, truncation, Truncation.ONLY_SECOND, kept);
    pairs.requireRoom(() -> fewestOfFirst, () -> tokenizer.fewestTokens(part), truncation);
    int[] all = pairs.ids(part);
    int[] secondIds =
        switch (kept) {
          case BEGINNING -> Arrays.copyOf(all, Math.min(most, all.length));
          case END -> Arrays.copyOfRange(all, Math.max(0, all.length - most), all.length);
        };
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

  /* A text with so many tokens, or nearly so, as they may change where it was cut. */
  private String cut(String text, int most) {
    if (most == Integer.MAX_VALUE) {
      return text;
    }
    String part = pairs.part(text, truncation, Truncation.ONLY_SECOND, kept);
    Encoding tokens = tokenizer.encodeWithOffsets(part, false);
    if (tokens.tokens() <= most) {
      return part;
    }
    return switch (kept) {
      case BEGINNING -> part.substring(0, tokens.ends()[most - 1]);
      case END -> part.substring(tokens.starts()[tokens.tokens() - most]);
    };
  }

  /* As of TextPairs, with the first text counted once. */
  private boolean firstIsLonger(String second) {
    if (first.length() + second.length() > TextWorkers.LONG) {
      return first.length() > second.length();
    }
    if (tokensOfWholeFirst < 0) {
      tokensOfWholeFirst = pairs.ids(first).length;
    }
    return tokensOfWholeFirst > pairs.ids(second).length;
  }
}
