package dev.diptych.tasks.decision;

import dev.diptych.InvalidInput;
import dev.diptych.chat.Chat;
import dev.diptych.chat.ChatPrompt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A way to answer a decoder's prompt with one token: labels that are one token each where the
 * answer begins, all of them different.
 *
 * @param labels in the order in which options get them; fewer than there could be if the tokenizer
 *     writes some with several tokens
 * @param tail the last tokens of every prompt that ends with this request for an answer
 */
record AnswerLabels(List<Label> labels, List<Integer> tail) {

  private static final int TAIL = 2; // what a token behind it may merge with

  /**
   * A label.
   *
   * @param text as the prompt has it
   * @param tokens that stand for it, one for each of its spellings
   */
  record Label(String text, List<Integer> tokens) {

    Label {
      tokens = List.copyOf(tokens);
    }
  }

  AnswerLabels {
    labels = List.copyOf(labels);
    tail = List.copyOf(tail);
  }

  /** Those that a model can answer with. */
  static AnswerLabels of(Chat chat, AnswerKind kind) {
    ChatPrompt prompt =
        chat.promptWithoutThought(
            DecisionPrompt.conversation(DecisionPrompt.message(kind.request())));
    Set<Integer> taken = new HashSet<>();
    List<Label> labels = new ArrayList<>();
    for (List<String> spellings : kind.spellings()) {
      List<Integer> tokens = new ArrayList<>();
      for (String spelling : spellings) {
        OptionalInt token = chat.firstToken(prompt, spelling);
        if (token.isPresent() && taken.add(token.getAsInt())) {
          tokens.add(token.getAsInt());
        }
      }
      if (!tokens.isEmpty()) {
        labels.add(new Label(spellings.getFirst(), tokens));
      }
    }
    return new AnswerLabels(labels, tail(prompt.ids()));
  }

  /**
   * Labels for so many options.
   *
   * @throws InvalidInput if there are not so many
   */
  List<Label> first(int count) {
    if (labels.size() < count) {
      throw new InvalidInput(
          "the model can tell at most %d options apart, as its tokenizer has no more labels of one token. Given: %d"
              .formatted(labels.size(), count));
    }
    return labels.subList(0, count);
  }

  /** Whether the answer to a prompt begins where the labels were looked at. */
  boolean endIn(int[] prompt) {
    return tail(prompt).equals(tail);
  }

  private static List<Integer> tail(int[] prompt) {
    List<Integer> tail = new ArrayList<>();
    for (int i = Math.max(0, prompt.length - TAIL); i < prompt.length; i++) {
      tail.add(prompt[i]);
    }
    return tail;
  }
}
