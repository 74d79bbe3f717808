package dev.diptych.sampling;

/**
 * A token and how probable it was.
 *
 * @param logProbability natural logarithm of the probability, 0 or less
 */
public record TokenProbability(int id, float logProbability) {}
