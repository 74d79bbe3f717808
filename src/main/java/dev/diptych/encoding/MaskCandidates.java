package dev.diptych.encoding;

/**
 * The most probable tokens at one mask, best first.
 *
 * <p>The arrays are not copied.
 *
 * @param tokens their ids
 * @param probabilities of each among the whole vocabulary
 */
@SuppressWarnings("ArrayRecordComponent")
record MaskCandidates(int[] tokens, float[] probabilities) {}
