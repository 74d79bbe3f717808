package dev.diptych.encoding;

import org.jspecify.annotations.Nullable;

/**
 * A token of a text.
 *
 * @param id its id
 * @param text what it covers of the text, or the vocabulary's entry if it was added
 * @param special whether it was added by the tokenizer's template
 * @param start where it begins in the text's UTF-8 bytes; null if it was added
 * @param stop one past its last byte; null if it was added
 */
public record TextToken(
    int id, String text, boolean special, @Nullable Integer start, @Nullable Integer stop) {}
