package dev.diptych.tokenization;

import dev.diptych.tokenization.Tokenizer.Encoding;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a tokenizer puts a pair together of the tokens of its texts: special tokens before, between
 * and behind them, and a segment for each text.
 *
 * <p>The arrays are not copied.
 *
 * @param specials ids of the three groups, {@code [3][tokens]}
 * @param specialTypes their segments, {@code [3][tokens]}
 * @param typeOfFirst segment of the first text's tokens
 */
@SuppressWarnings("ArrayRecordComponent")
record PairTemplate(int[][] specials, int[][] specialTypes, int typeOfFirst, int typeOfSecond) {

  /* A tokenizer could make anything of a pair. What one pair shows is tried on others. */

  private static final String[][] PROBES = {
    {"The quick, BROWN fox: 12 times!", " jumps\nover  caf\u00e9s and \u732b."},
    {"a", ""},
    {"", "a b"},
    {" a", "a "}
  };

  /** The template of a tokenizer; null if its pairs are not made of its texts' tokens. */
  static @Nullable PairTemplate of(Tokenizer tokenizer) {
    PairTemplate template = read(tokenizer.encodePair("a", "a", true));
    if (template == null) {
      return null;
    }
    for (String[] probe : PROBES) {
      Encoding whole = tokenizer.encodePair(probe[0], probe[1], true);
      int[] first = tokenizer.encode(probe[0], false);
      int[] second = tokenizer.encode(probe[1], false);
      PairTokens parts = template.pair(first, 0, first.length, second, 0, second.length);
      if (!Arrays.equals(parts.ids(), whole.ids())
          || !Arrays.equals(parts.typeIds(), whole.typeIds())) {
        return null;
      }
    }
    return template;
  }

  /** Three groups of tokens, all in segment 0, as the texts are. */
  static PairTemplate of(int[][] groups) {
    int[][] types = Arrays.stream(groups).map(group -> new int[group.length]).toArray(int[][]::new);
    return new PairTemplate(groups, types, 0, 0);
  }

  private static @Nullable PairTemplate read(Encoding pair) {
    int[] ends = new int[5]; // of specials, first, specials, second, specials
    int[] kinds = {-1, 0, -1, 1, -1};
    int next = 0;
    for (int i = 0; i < kinds.length; i++) {
      while (next < pair.tokens() && pair.sequences()[next] == kinds[i]) {
        next++;
      }
      ends[i] = next;
    }
    if (next < pair.tokens() || ends[0] == ends[1] || ends[2] == ends[3]) {
      return null;
    }
    return new PairTemplate(
        groups(pair.ids(), ends),
        groups(pair.typeIds(), ends),
        pair.typeIds()[ends[0]],
        pair.typeIds()[ends[2]]);
  }

  private static int[][] groups(int[] values, int[] ends) {
    return new int[][] {
      Arrays.copyOf(values, ends[0]),
      Arrays.copyOfRange(values, ends[1], ends[2]),
      Arrays.copyOfRange(values, ends[3], ends[4])
    };
  }

  /**
   * A pair of some tokens of two texts.
   *
   * @param from the first token of the first text
   * @param length how many
   * @param fromSecond as of the first
   */
  PairTokens pair(
      int[] first, int from, int length, int[] second, int fromSecond, int lengthOfSecond) {
    int tokens = length + lengthOfSecond;
    for (int[] group : specials) {
      tokens += group.length;
    }
    int[] ids = new int[tokens];
    int[] types = new int[tokens];
    int next = special(0, ids, types, 0);
    System.arraycopy(first, from, ids, next, length);
    Arrays.fill(types, next, next + length, typeOfFirst);
    next = special(1, ids, types, next + length);
    System.arraycopy(second, fromSecond, ids, next, lengthOfSecond);
    Arrays.fill(types, next, next + lengthOfSecond, typeOfSecond);
    special(2, ids, types, next + lengthOfSecond);
    return new PairTokens(ids, types);
  }

  private int special(int group, int[] ids, int[] types, int at) {
    int length = specials[group].length;
    System.arraycopy(specials[group], 0, ids, at, length);
    System.arraycopy(specialTypes[group], 0, types, at, length);
    return at + length;
  }
}
