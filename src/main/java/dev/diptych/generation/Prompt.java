package dev.diptych.generation;

/** What a decoder continues. */
public sealed interface Prompt {

  /**
   * A text, which is tokenized.
   *
   * @param addSpecialTokens whether the tokenizer's own template is applied to it
   */
  record Text(String text, boolean addSpecialTokens) implements Prompt {}

  /** Tokens, which are taken as they are; each must be in the model's vocabulary. */
  @SuppressWarnings("ArrayRecordComponent")
  record Tokens(int[] ids) implements Prompt {}
}
