package dev.diptych.tasks;

import dev.diptych.tokenization.Tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * A question with a part of its context.
 *
 * @param encoding the question is the first text
 * @param clsId the token that stands for the whole, if there is one
 */
record QuestionWindow(Encoding encoding, OptionalInt clsId) {

  private static final Comparator<AnswerSpan> WORST_FIRST =
      Comparator.comparingDouble(AnswerSpan::score)
          .thenComparing(Comparator.comparingInt(AnswerSpan::first).reversed())
          .thenComparing(Comparator.comparingInt(AnswerSpan::last).reversed());

  /**
   * What the model says of the tokens.
   *
   * <p>The arrays are not copied.
   *
   * @param starts probability of each to be the first of the answer
   * @param ends probability of each to be the last
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Scores(float[] starts, float[] ends) {

    /** That there is no answer. */
    float none() {
      return starts[0] * ends[0];
    }
  }

  /**
   * Probabilities over the tokens of the context, and those that stand for the whole.
   *
   * @param logits of each token to be the first and to be the last, {@code [tokens * 2]}
   */
  Scores scores(float[] logits) {
    return new Scores(softmax(logits, 0), softmax(logits, 1));
  }

  private float[] softmax(float[] logits, int column) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < encoding.tokens(); token++) {
      largest = isSeen(token) ? Math.max(largest, logits[2 * token + column]) : largest;
    }
    double sum = 0;
    double[] exponentials = new double[encoding.tokens()];
    for (int token = 0; token < exponentials.length; token++) {
      if (isSeen(token)) {
        exponentials[token] = Math.exp(logits[2 * token + column] - largest);
        sum += exponentials[token];
      }
    }
    float[] probabilities = new float[exponentials.length];
    for (int token = 0; token < probabilities.length; token++) {
      probabilities[token] = sum == 0 ? 0 : (float) (exponentials[token] / sum);
    }
    return probabilities;
  }

  private boolean isSeen(int token) {
    return isOfContext(token) || (clsId.isPresent() && clsId.getAsInt() == encoding.ids()[token]);
  }

  private boolean isOfContext(int token) {
    return encoding.sequences()[token] == 1;
  }

  /** The most probable answers, best first. */
  List<AnswerSpan> best(Scores scores, int count, int maxAnswerTokens) {
    PriorityQueue<AnswerSpan> best = new PriorityQueue<>(WORST_FIRST);
    int tokens = encoding.tokens();
    for (int first = 1; first < tokens; first++) {
      int end = (int) Math.min(tokens, (long) first + maxAnswerTokens);
      for (int last = first; isOfContext(first) && last < end && isOfContext(last); last++) {
        AnswerSpan span = new AnswerSpan(scores.starts[first] * scores.ends[last], first, last);
        if (best.size() < count) {
          best.add(span);
        } else if (WORST_FIRST.compare(span, best.element()) > 0) {
          best.remove();
          best.add(span);
        }
      }
    }
    List<AnswerSpan> ordered = new ArrayList<>(best);
    ordered.sort(WORST_FIRST.reversed());
    return ordered;
  }

  /** The UTF-16 unit of the context at which an answer begins that has this first token. */
  int start(int token, boolean alignsToWords) {
    int first = token;
    while (alignsToWords && first > 0 && isSameWord(first - 1, token)) {
      first--;
    }
    return encoding.starts()[first];
  }

  /** One past the last UTF-16 unit of an answer that has this last token. */
  int end(int token, boolean alignsToWords) {
    int last = token;
    while (alignsToWords && last + 1 < encoding.tokens() && isSameWord(last + 1, token)) {
      last++;
    }
    return encoding.ends()[last];
  }

  private boolean isSameWord(int token, int other) {
    int word = encoding.words()[other];
    return word >= 0 && isOfContext(token) && encoding.words()[token] == word;
  }

  /** UTF-16 units of the longest answer that there can be. */
  int longestAnswer(int maxAnswerTokens, boolean alignsToWords) {
    int longest = 0;
    int tokens = encoding.tokens();
    for (int first = 0; first < tokens; first++) {
      if (!isOfContext(first)) {
        continue;
      }
      int last = first;
      while (last + 1 < tokens && last + 1 - first < maxAnswerTokens && isOfContext(last + 1)) {
        last++;
      }
      longest = Math.max(longest, end(last, alignsToWords) - start(first, alignsToWords));
    }
    return longest;
  }
}
