package dev.diptych.encoding;

import org.jspecify.annotations.Nullable;

/**
 * How texts become tokens.
 *
 * @param truncate whether a text that is too long is cut; null leaves it to the service's setting
 * @param direction which end is cut
 * @param promptName the prompt put before each text; null means the default one, if any
 */
public record TextOptions(
    @Nullable Boolean truncate, TruncationDirection direction, @Nullable String promptName) {

  /** Nothing asked for. */
  public static final TextOptions DEFAULT = new TextOptions(null, TruncationDirection.RIGHT, null);
}
