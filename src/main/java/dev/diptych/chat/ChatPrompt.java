package dev.diptych.chat;

/**
 * A conversation as a model reads it.
 *
 * <p>The array is not copied.
 *
 * @param text as the template writes it
 * @param ids its tokens: only what the template itself wrote became control tokens
 * @param opensReasoning whether the answer begins with what the model thinks, as the prompt ends
 *     with the mark that opens it
 * @param begun the beginning of the answer that is in the prompt already, as with a call that is
 *     forced; empty else
 */
@SuppressWarnings("ArrayRecordComponent")
public record ChatPrompt(String text, int[] ids, boolean opensReasoning, String begun) {}
