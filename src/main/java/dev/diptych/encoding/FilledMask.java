package dev.diptych.encoding;

/**
 * A candidate for one mask.
 *
 * @param score its probability among the whole vocabulary, 0 to 1
 * @param token its id
 * @param tokenStr its text
 * @param sequence the text with this mask filled
 */
public record FilledMask(float score, int token, String tokenStr, String sequence) {}
