package dev.diptych.model;

/**
 * The next tokens of each of the slots {@code 0..count-1}.
 *
 * @param lengths how many tokens each slot gets, at least 1
 * @param tokens the tokens, slot by slot
 * @param positions the position of each slot's first token, which is the number of tokens cached
 *     before it; its others follow
 */
@SuppressWarnings("ArrayRecordComponent")
public record NextTokens(int count, int[] lengths, int[] tokens, int[] positions) {

  /** Of no slot. */
  public static final NextTokens NONE = new NextTokens(0, new int[0], new int[0], new int[0]);
}
