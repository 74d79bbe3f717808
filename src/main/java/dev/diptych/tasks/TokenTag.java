package dev.diptych.tasks;

/**
 * The tag of a token.
 *
 * @param entity the label
 * @param score its probability
 * @param index which token of its window it is, special ones counted
 * @param word its entry in the vocabulary, or the text itself if the vocabulary cannot spell it
 * @param start first code point
 * @param end one past the last
 */
public record TokenTag(String entity, float score, int index, String word, int start, int end)
    implements Tag {

  @Override
  public String label() {
    return entity;
  }
}
