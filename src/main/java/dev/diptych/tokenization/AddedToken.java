package dev.diptych.tokenization;

import tools.jackson.databind.JsonNode;

/**
 * A token that is found in a text before all else.
 *
 * @param special whether decoding can leave it out
 * @param stripsLeft whether it takes the spaces before it
 * @param stripsRight whether it takes the spaces behind it
 */
public record AddedToken(String content, boolean special, boolean stripsLeft, boolean stripsRight) {

  static AddedToken of(JsonNode json) {
    return new AddedToken(
        json.path("content").stringValue(""),
        json.path("special").booleanValue(false),
        json.path("lstrip").booleanValue(false),
        json.path("rstrip").booleanValue(false));
  }
}
