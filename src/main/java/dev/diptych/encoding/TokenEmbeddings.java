package dev.diptych.encoding;

/**
 * Vectors of every token of the inputs of one request, neither pooled nor normalised.
 *
 * <p>The arrays are not copied.
 *
 * @param states {@code [inputs][tokens of the input * hiddenSize]}, row by row
 * @param hiddenSize width of a token's vector
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenEmbeddings(float[][] states, int hiddenSize, EncodingMetrics metrics) {}
