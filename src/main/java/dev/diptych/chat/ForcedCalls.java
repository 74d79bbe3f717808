package dev.diptych.chat;

/**
 * A prompt whose answer can only be calls of tools.
 *
 * @param prompt with the beginning of the first call
 * @param shape what the answer must look like from there on
 */
public record ForcedCalls(ChatPrompt prompt, CallShape shape) {}
