package dev.diptych.tasks;

/**
 * The numbers of a vector that are not zero.
 *
 * <p>The arrays are not copied.
 *
 * @param indices places in the vocabulary, rising, {@code [numbers]}
 * @param values above 0, {@code [numbers]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record SparseVector(int[] indices, float[] values) {}
