package dev.diptych.tasks;

/**
 * An answer that stands in a text.
 *
 * @param score the probability, added up over all places with the same text
 * @param start the first code point of the best place
 * @param end one past its last code point
 * @param answer its text; empty if there is no answer
 */
public record TextAnswer(double score, int start, int end, String answer) {}
