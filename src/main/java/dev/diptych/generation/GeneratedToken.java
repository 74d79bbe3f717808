package dev.diptych.generation;

import org.jspecify.annotations.Nullable;

/**
 * A token of a prompt or an answer.
 *
 * @param text what it adds to the text; empty while a character is incomplete
 * @param logProbability natural logarithm of its probability; null for the first token of a prompt
 * @param special whether it is a special token, which is not part of the generated text
 */
public record GeneratedToken(
    int id, String text, @Nullable Float logProbability, boolean special) {}
