package dev.diptych.tasks.decision;

import dev.diptych.chat.Conversation;
import dev.diptych.chat.Message;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question as a decoder reads it: the state first, so that all questions about it share a
 * beginning, then what is asked, one line for each option, and the request for a label.
 */
final class DecisionPrompt {

  private DecisionPrompt() {}

  /**
   * The conversation that asks it.
   *
   * @param labels one for each line of options
   * @param order which option stands in each line
   */
  static Conversation of(
      String state, Question question, List<AnswerLabels.Label> labels, int[] order) {
    StringBuilder text = new StringBuilder(state).append("\n\n");
    if (!question.instructions().isBlank()) {
      text.append(question.instructions()).append('\n');
    }
    switch (question) {
      case Question.Predicate(_, String ifTrue, String ifFalse) -> {
        line(text, labels.get(0).text(), ifTrue);
        line(text, labels.get(1).text(), ifFalse);
      }
      case Question.Choice(_, List<Option> options) -> lines(text, options, labels, order);
      case Question.Score(_, List<Option> levels) -> lines(text, levels, labels, order);
    }
    text.append(AnswerKind.of(question).request());
    return conversation(message(text.toString()));
  }

  /** What the user says. */
  static Message message(String text) {
    return Message.of("user", text);
  }

  /** It with a model that does not think before it answers. */
  static Conversation conversation(Message message) {
    return new Conversation(
        List.of(message), List.of(), true, false, Map.of("enable_thinking", false));
  }

  private static void lines(
      StringBuilder text, List<Option> options, List<AnswerLabels.Label> labels, int[] order) {
    for (int place = 0; place < order.length; place++) {
      Option option = options.get(order[place]);
      text.append(labels.get(place).text()).append(". ").append(option.text()).append('\n');
    }
  }

  private static void line(StringBuilder text, String label, @Nullable String description) {
    if (description != null && !description.isBlank()) {
      text.append(Option.described(label, description)).append('\n');
    }
  }
}
