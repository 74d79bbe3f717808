package dev.diptych.generation;

import dev.diptych.DiptychException;
import org.jspecify.annotations.Nullable;

/**
 * What a generation came to, and when; times are those of {@link System#nanoTime}, 0 for what never
 * came.
 *
 * @param failure why there is no answer; null if there is one
 * @param wasClosed whether its caller had closed it before
 * @param promptTokens tokens of the prompt
 * @param cachedPromptTokens how many of them did not have to be computed
 * @param maxNewTokens most tokens of an answer
 * @param answers how many were drawn
 * @param newTokens tokens of all of them
 * @param skippedTokens how many of them a draft had foreseen
 * @param begun when the request came
 * @param queued when it was checked and tokenized
 * @param started when it had a place in the batch
 * @param firstToken when its first token was chosen
 * @param ended now
 */
public record GenerationReport(
    @Nullable DiptychException failure,
    boolean wasClosed,
    int promptTokens,
    int cachedPromptTokens,
    int maxNewTokens,
    int answers,
    int newTokens,
    int skippedTokens,
    long begun,
    long queued,
    long started,
    long firstToken,
    long ended) {

  /** Nanoseconds from the request to its place in line. */
  public long validation() {
    return queued - begun;
  }

  /** Nanoseconds in line. */
  public long queue() {
    return (started == 0 ? ended : started) - queued;
  }

  /** Nanoseconds with a place in the batch. */
  public long inference() {
    return started == 0 ? 0 : ended - started;
  }

  /** Nanoseconds for each token of an answer behind its first one; 0 if there is none. */
  public long perToken() {
    return firstToken == 0 || newTokens <= answers
        ? 0
        : (ended - firstToken) * answers / (newTokens - answers);
  }
}
