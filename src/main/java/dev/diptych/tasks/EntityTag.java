package dev.diptych.tasks;

/**
 * The tag of words, or tokens, that follow each other.
 *
 * @param entityGroup the label, without the B or I before a hyphen
 * @param score the mean of those of its words, or tokens
 * @param word its text as the tokenizer writes it
 * @param start first code point
 * @param end one past the last
 */
public record EntityTag(String entityGroup, float score, String word, int start, int end)
    implements Tag {

  @Override
  public String label() {
    return entityGroup;
  }
}
