package dev.diptych.model;

import java.util.Arrays;

/**
 * The next tokens of each of the slots {@code first..first+count-1}.
 *
 * @param lengths how many tokens each slot gets, at least 1
 * @param tokens the tokens, slot by slot
 * @param positions the position of each slot's first token, which is the number of tokens cached
 *     before it; its others follow
 */
@SuppressWarnings("ArrayRecordComponent")
public record NextTokens(int first, int count, int[] lengths, int[] tokens, int[] positions) {

  /** Of no slot. */
  public static final NextTokens NONE = new NextTokens(0, new int[0], new int[0], new int[0]);

  /** Of the slots {@code 0..count-1}. */
  public NextTokens(int count, int[] lengths, int[] tokens, int[] positions) {
    this(0, count, lengths, tokens, positions);
  }

  /** How many tokens the first {@code slots} of these slots get. */
  public int tokensOf(int slots) {
    return Arrays.stream(lengths, 0, slots).sum();
  }

  /** Of the slots from {@code first + from} to before {@code first + to}. */
  public NextTokens range(int from, int to) {
    return new NextTokens(
        first + from,
        to - from,
        Arrays.copyOfRange(lengths, from, to),
        Arrays.copyOfRange(tokens, tokensOf(from), tokensOf(to)),
        Arrays.copyOfRange(positions, from, to));
  }
}
