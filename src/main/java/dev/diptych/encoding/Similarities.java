package dev.diptych.encoding;

/**
 * Cosines between one sentence and others.
 *
 * <p>The array is not copied.
 *
 * @param cosines one per sentence, in their order, from -1 to 1
 */
@SuppressWarnings("ArrayRecordComponent")
public record Similarities(float[] cosines, EncodingMetrics metrics) {}
