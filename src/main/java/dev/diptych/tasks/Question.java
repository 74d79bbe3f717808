package dev.diptych.tasks;

/**
 * A question, and the text in which the answer stands.
 *
 * @param question not empty
 * @param context not empty
 */
public record Question(String question, String context) {

  /** Code points of both. */
  int characters() {
    return question.codePointCount(0, question.length())
        + context.codePointCount(0, context.length());
  }
}
