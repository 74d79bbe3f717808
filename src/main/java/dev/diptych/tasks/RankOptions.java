package dev.diptych.tasks;

import dev.diptych.encoding.TruncationDirection;
import org.jspecify.annotations.Nullable;

/**
 * How a query and a text become tokens.
 *
 * @param truncate whether what is too long together is cut, the longer of both first; null leaves
 *     it to the service's setting
 * @param direction which end of both is cut
 * @param mostOfEachText how many tokens of each text are left before; null leaves all
 */
public record RankOptions(
    @Nullable Boolean truncate, TruncationDirection direction, @Nullable Integer mostOfEachText) {

  /** Nothing asked for. */
  public static final RankOptions DEFAULT = new RankOptions(null, TruncationDirection.RIGHT);

  /** With all tokens of each text. */
  public RankOptions(@Nullable Boolean truncate, TruncationDirection direction) {
    this(truncate, direction, null);
  }

  /** The same with another bound for each text. */
  public RankOptions withMostOfEachText(@Nullable Integer tokens) {
    return new RankOptions(truncate, direction, tokens);
  }
}
