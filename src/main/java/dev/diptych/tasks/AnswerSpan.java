package dev.diptych.tasks;

/**
 * Tokens that may be an answer.
 *
 * @param first token of the window
 * @param last token of the window
 */
record AnswerSpan(float score, int first, int last) {}
