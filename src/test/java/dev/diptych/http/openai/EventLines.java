package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events of an answer, as they came over the wire. */
final class EventLines {

  private static final JsonMapper JSON = JsonMapper.shared();

  private EventLines() {}

  /** The data of a stream that ends as OpenAI's do; that end is left out. */
  static List<JsonNode> of(String body) {
    assertThat(body).endsWith("data: [DONE]\n\n");
    List<String> events = List.of(body.split("\n\n"));
    assertThat(events).allMatch(event -> event.startsWith("data: "));
    return events.subList(0, events.size() - 1).stream()
        .map(event -> JSON.readTree(event.substring("data: ".length())))
        .toList();
  }

  /** What the deltas or texts at a place add up to. */
  static String text(List<JsonNode> events, String place) {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(event.at(place).asString("")));
    return text.toString();
  }
}
