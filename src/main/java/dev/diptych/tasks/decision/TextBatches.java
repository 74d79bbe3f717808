package dev.diptych.tasks.decision;

import dev.diptych.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts the texts of all questions to an encoder, some at a time, so that what many questions with
 * many options come to is known before it is too much. One request's, one thread's.
 *
 * @param <T> a text
 * @param <R> what the encoder says of one
 */
final class TextBatches<T, R> {

  /** Most texts at a time. */
  static final int AT_ONCE = 32;

  private final DecisionLimits limits;
  private final int atOnce;
  private final Function<List<T>, Computed<R>> encoder;
  private long tokens;

  /**
   * What an encoder says of some texts.
   *
   * @param results in the order of the texts
   * @param tokens of all of them
   */
  record Computed<R>(List<R> results, long tokens) {}

  TextBatches(DecisionLimits limits, Function<List<T>, Computed<R>> encoder) {
    this(limits, AT_ONCE, encoder);
  }

  /**
   * @param atOnce most texts at a time
   */
  TextBatches(DecisionLimits limits, int atOnce, Function<List<T>, Computed<R>> encoder) {
    this.limits = limits;
    this.atOnce = atOnce;
    this.encoder = encoder;
  }

  /** Tokens of all texts so far. */
  long tokens() {
    return tokens;
  }

  /**
   * Computes all texts.
   *
   * @param texts of each question
   * @return the same with results
   * @throws InvalidInput if one is too long, or all of them are
   * @throws InterruptedException if the client has left
   */
  List<List<R>> of(List<List<T>> texts) throws InterruptedException {
    List<T> all = texts.stream().flatMap(List::stream).toList();
    List<R> results = new ArrayList<>(all.size());
    for (int first = 0; first < all.size(); first += atOnce) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the client has left");
      }
      Computed<R> computed = computed(all.subList(first, Math.min(all.size(), first + atOnce)));
      results.addAll(computed.results());
      tokens += computed.tokens();
      limits.checkTokens(tokens);
    }
    List<List<R>> byQuestion = new ArrayList<>();
    int first = 0;
    for (List<T> ofQuestion : texts) {
      byQuestion.add(results.subList(first, first + ofQuestion.size()));
      first += ofQuestion.size();
    }
    return byQuestion;
  }

  /* An engine speaks of its inputs. */
  private Computed<R> computed(List<T> batch) {
    try {
      return encoder.apply(batch);
    } catch (InvalidInput e) {
      throw new InvalidInput(
          e.kind(), String.valueOf(e.getMessage()).replace("`inputs`", "`state` with a question"));
    }
  }
}
