package dev.diptych.tasks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Chooses the answers that stand in a context, as the question-answering pipeline of transformers
 * 5.1 does ({@code pipelines/question_answering.py}).
 */
record AnswerChoice(String context, AnswerOptions options) {

  /* Places with the same text, but for capitals, are one answer, which stands where the best does. */

  /**
   * The best answers.
   *
   * @param logits {@code [windows][tokens * 2]}
   */
  List<TextAnswer> among(List<QuestionWindow> windows, float[][] logits) {
    CodePoints codePoints = new CodePoints(context);
    List<TextAnswer> answers = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    double none = Double.POSITIVE_INFINITY;
    for (int i = 0; i < windows.size(); i++) {
      QuestionWindow window = windows.get(i);
      QuestionWindow.Scores scores = window.scores(logits[i]);
      none = Math.min(none, scores.none());
      for (AnswerSpan span : window.best(scores, options.candidates(), options.maxAnswerTokens())) {
        int start = window.start(span.first(), options.alignsToWords());
        int end = window.end(span.last(), options.alignsToWords());
        String text = context.substring(start, end);
        Integer place = places.putIfAbsent(text.toLowerCase(Locale.ROOT), answers.size());
        if (place == null) {
          answers.add(new TextAnswer(span.score(), codePoints.of(start), codePoints.of(end), text));
        } else {
          answers.set(place, more(answers.get(place), span.score()));
        }
      }
    }
    if (options.handlesImpossible()) {
      answers.add(new TextAnswer(none, 0, 0, ""));
    }
    return answers.stream()
        .sorted(Comparator.comparingDouble(TextAnswer::score).reversed())
        .limit(options.topK())
        .toList();
  }

  private static TextAnswer more(TextAnswer answer, float score) {
    return new TextAnswer(answer.score() + score, answer.start(), answer.end(), answer.answer());
  }
}
