package dev.diptych.tasks.decision;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A question as statements that a text may entail or contradict. */
final class Hypotheses {

  private Hypotheses() {}

  /**
   * One for each option. Of a predicate one for the side that is so, and one for the other where it
   * is described.
   */
  static List<String> of(Question question) {
    return switch (question) {
      case Question.Predicate(String instructions, String ifTrue, String ifFalse) -> {
        List<String> hypotheses = new ArrayList<>();
        if (!isBlank(ifTrue) || !instructions.isBlank()) {
          hypotheses.add(joined(instructions, ifTrue));
        }
        if (!isBlank(ifFalse)) {
          hypotheses.add(joined(instructions, ifFalse));
        }
        yield hypotheses;
      }
      case Question.Choice(String instructions, List<Option> options) ->
          described(instructions, options);
      case Question.Score(String instructions, List<Option> levels) ->
          described(instructions, levels);
    };
  }

  private static List<String> described(String instructions, List<Option> options) {
    return options.stream().map(option -> joined(instructions, option.text())).toList();
  }

  private static String joined(String instructions, @Nullable String text) {
    return isBlank(text) ? instructions : (instructions + " " + text).strip();
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  /**
   * The answer by the logits of all hypotheses.
   *
   * @param entailed that each is entailed
   * @param contradicted that each is contradicted
   */
  static Answer answer(Question question, double[] entailed, double[] contradicted) {
    if (!(question instanceof Question.Predicate(String instructions, String ifTrue, _))) {
      return Answer.ofScores(entailed, null);
    }
    boolean firstIsSo = !isBlank(ifTrue) || !instructions.isBlank();
    double odds = 0;
    for (int i = 0; i < entailed.length; i++) {
      boolean isSo = i == 0 && firstIsSo;
      odds += (isSo ? 1 : -1) * (entailed[i] - contradicted[i]) / entailed.length;
    }
    return Answer.ofScores(new double[] {odds, 0}, null);
  }
}
