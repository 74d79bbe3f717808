package dev.diptych.tasks;

import dev.diptych.encoding.TruncationDirection;
import org.jspecify.annotations.Nullable;

/**
 * How a query and a text become tokens.
 *
 * @param truncate whether what is too long together is cut, the longer of both first; null leaves
 *     it to the service's setting
 * @param direction which end of both is cut
 */
public record RankOptions(@Nullable Boolean truncate, TruncationDirection direction) {

  /** Nothing asked for. */
  public static final RankOptions DEFAULT = new RankOptions(null, TruncationDirection.RIGHT);
}
