package dev.diptych.tasks;

import dev.diptych.encoding.TruncationDirection;
import dev.diptych.tokenization.TextPairs.Truncation;
import org.jspecify.annotations.Nullable;

/**
 * How what is to be classified becomes tokens.
 *
 * @param truncate whether what is too long is cut; null leaves it to the service's setting
 * @param direction which end is cut
 * @param ofPairs which text of a pair is cut, where one may be
 */
public record ClassifierOptions(
    @Nullable Boolean truncate, TruncationDirection direction, Truncation ofPairs) {

  /** Nothing asked for: of a pair the longer text is cut. */
  public static final ClassifierOptions DEFAULT =
      new ClassifierOptions(null, TruncationDirection.RIGHT, Truncation.LONGEST_FIRST);
}
