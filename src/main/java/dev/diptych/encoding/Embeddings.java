package dev.diptych.encoding;

/**
 * Vectors of the inputs of one request.
 *
 * <p>The arrays are not copied.
 *
 * @param vectors one per input, in their order, {@code [inputs][dimensions]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Embeddings(float[][] vectors, EncodingMetrics metrics) {}
