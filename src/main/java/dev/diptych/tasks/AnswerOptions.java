package dev.diptych.tasks;

import org.jspecify.annotations.Nullable;

/**
 * How answers are looked for, as the question-answering pipeline of transformers 5.1 has it ({@code
 * pipelines/question_answering.py}).
 *
 * @param topK most answers, from 1
 * @param stride tokens that two windows of a long context have in common; null for 128, or half of
 *     a window if that is less
 * @param maxAnswerTokens longest answer, from 1
 * @param maxWindowTokens longest window with the question and special tokens; null for 384, or what
 *     the model takes if that is less
 * @param maxQuestionTokens what is left of a longer question; null for all of it
 * @param handlesImpossible whether there may be no answer, which is then one of those that are
 *     given, without a text
 * @param alignsToWords whether an answer begins and ends with whole words
 */
public record AnswerOptions(
    int topK,
    @Nullable Integer stride,
    int maxAnswerTokens,
    @Nullable Integer maxWindowTokens,
    @Nullable Integer maxQuestionTokens,
    boolean handlesImpossible,
    boolean alignsToWords) {

  /** Nothing asked for. */
  public static final AnswerOptions DEFAULT =
      new AnswerOptions(1, null, 15, null, null, false, true);

  /** Most candidates of a window: more than are asked for, as several can be of the same words. */
  int candidates() {
    return alignsToWords ? 2 * topK + 10 : topK;
  }
}
