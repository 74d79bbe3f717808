package dev.diptych.chat;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What the rest of an answer must look like that calls tools and says nothing else: one of the
 * alternatives, as often as allowed with the separator between, then the end.
 *
 * @param opening what is before the first call; a prompt for calls has it already
 * @param alternatives one for each tool
 * @param separator text between two calls
 * @param mostCalls how many there may be; 1 at least
 * @param end text after the last call
 */
public record CallShape(
    String opening, List<Alternative> alternatives, String separator, int mostCalls, String end) {

  /**
   * A call of one tool.
   *
   * @param tool which one
   * @param before text before the arguments, with the tool's name
   * @param arguments JSON schema of the arguments
   * @param after text after the arguments
   */
  public record Alternative(Tool tool, String before, JsonNode arguments, String after) {}

  public CallShape {
    alternatives = List.copyOf(alternatives);
  }
}
