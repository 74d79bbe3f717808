package dev.diptych.tasks.decision;

import dev.diptych.InvalidInput;
import dev.diptych.chat.Chat;
import dev.diptych.chat.Conversation;
import dev.diptych.generation.GenerationEvent;
import java.util.List;

/**
 * A question as a prompt of a decoder, its options in one of several orders.
 *
 * <p>The arrays are not copied.
 *
 * @param ids the prompt's tokens
 * @param labels of the options, line by line
 * @param order which option each line has
 * @param orders in how many orders the question is asked
 */
@SuppressWarnings("ArrayRecordComponent")
record LabelledPrompt(int[] ids, List<AnswerLabels.Label> labels, int[] order, int orders) {

  /**
   * Writes it.
   *
   * @param turn which of the orders it has, counted from 0
   * @throws InvalidInput if it is too long, or there are not enough labels
   */
  static LabelledPrompt of(
      Chat chat, String state, Question question, AnswerLabels known, int turn, int orders) {
    int count = question.size();
    List<AnswerLabels.Label> labels = known.first(count);
    int[] order = new int[count];
    for (int place = 0; place < count; place++) {
      order[place] = (place + (int) ((long) turn * count / orders)) % count;
    }
    int[] ids = encoded(chat, DecisionPrompt.of(state, question, labels, order));
    if (!known.endIn(ids)) {
      throw new InvalidInput(
          "the model's chat template ends a prompt differently from case to case, so that it is not"
              + " known how the model writes labels behind it");
    }
    return new LabelledPrompt(ids, labels, order, orders);
  }

  private static int[] encoded(Chat chat, Conversation conversation) {
    try {
      return chat.promptWithoutThought(conversation).ids();
    } catch (InvalidInput e) {
      if (e.kind() != InvalidInput.Kind.TOO_LONG) {
        throw e;
      }
      throw new InvalidInput(
          e.kind(),
          String.valueOf(e.getMessage()).replace("`messages`", "`state` with a question"));
    }
  }

  /** All tokens of all labels, label by label. */
  List<Integer> tokens() {
    return labels.stream().flatMap(label -> label.tokens().stream()).toList();
  }

  /**
   * The answer to one question.
   *
   * @param prompts in all its orders
   * @param results what the decoder said to each
   */
  static Answer answer(List<LabelledPrompt> prompts, List<GenerationEvent.Finished> results) {
    double[] scores = new double[prompts.getFirst().order.length];
    double mass = 0;
    for (int turn = 0; turn < prompts.size(); turn++) {
      LabelledPrompt prompt = prompts.get(turn);
      double[] logarithms = prompt.ofLabels(results.get(turn).completion().next());
      double all = logarithmOfSum(logarithms);
      mass += Math.exp(all) / prompts.size();
      for (int place = 0; place < logarithms.length; place++) {
        scores[prompt.order[place]] += (logarithms[place] - all) / prompts.size();
      }
    }
    return Answer.ofScores(scores, Math.clamp(mass, 0, 1));
  }

  /* From those of the tokens. */
  private double[] ofLabels(List<Double> logProbabilities) {
    double[] ofLabels = new double[labels.size()];
    int token = 0;
    for (int i = 0; i < ofLabels.length; i++) {
      int count = labels.get(i).tokens().size();
      ofLabels[i] =
          logarithmOfSum(
              logProbabilities.subList(token, token + count).stream()
                  .mapToDouble(Double::doubleValue)
                  .toArray());
      token += count;
    }
    return ofLabels;
  }

  private static double logarithmOfSum(double[] logarithms) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : logarithms) {
      largest = Math.max(largest, value);
    }
    if (largest == Double.NEGATIVE_INFINITY) {
      return largest;
    }
    double sum = 0;
    for (double value : logarithms) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }
}
