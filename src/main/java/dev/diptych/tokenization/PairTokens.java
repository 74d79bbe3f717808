package dev.diptych.tokenization;

/**
 * A pair of texts in tokens.
 *
 * <p>The arrays are not copied.
 *
 * @param ids token ids, special ones included, {@code [tokens]}
 * @param typeIds segment of each token, {@code [tokens]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record PairTokens(int[] ids, int[] typeIds) {}
