package dev.diptych.encoding;

/**
 * How well words fit.
 *
 * <p>The array is not copied.
 *
 * @param logProbabilities for each word the mean over its tokens, each at a mask of its own, {@code
 *     [clozes]}
 * @param metrics what they cost
 */
@SuppressWarnings("ArrayRecordComponent")
public record ClozeScores(double[] logProbabilities, EncodingMetrics metrics) {}
