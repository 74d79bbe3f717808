package dev.diptych.tokenization;

/**
 * A message of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant} or what else the model's
 *     template knows
 * @param content what was said
 */
public record ChatMessage(String role, String content) {}
