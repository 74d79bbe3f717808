package dev.diptych.chat;

import dev.diptych.tokenization.ChatTemplate;

/** What a model writes before and behind what it thinks. */
record ReasoningMarks(String open, String close) {

  static final ReasoningMarks USUAL = new ReasoningMarks("<think>", "</think>");
  private static final ReasoningMarks OF_MISTRAL = new ReasoningMarks("[THINK]", "[/THINK]");

  static ReasoningMarks of(ChatTemplate template) {
    return template.mentions(OF_MISTRAL.open) && !template.mentions(USUAL.open)
        ? OF_MISTRAL
        : USUAL;
  }

  /** Whether a prompt ends inside of a thought. */
  boolean areOpenAtEndOf(String prompt) {
    return prompt.stripTrailing().endsWith(open);
  }

  /** Whether an answer that has begun so is still inside of a thought. */
  boolean areOpenIn(String beginning) {
    return beginning.lastIndexOf(open) > beginning.lastIndexOf(close);
  }
}
