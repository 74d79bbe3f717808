package dev.diptych.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.encoding.TruncationDirection;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The end at which a text is cut, as the wire spells it. */
@Schema(allowableValues = {"Left", "Right"})
public enum Direction {
  @JsonProperty("left")
  @JsonAlias("Left")
  LEFT,
  @JsonProperty("right")
  @JsonAlias("Right")
  RIGHT;

  /** The end that is cut; the right one if a request does not say. */
  public static TruncationDirection of(@Nullable Direction direction) {
    return direction == LEFT ? TruncationDirection.LEFT : TruncationDirection.RIGHT;
  }
}
