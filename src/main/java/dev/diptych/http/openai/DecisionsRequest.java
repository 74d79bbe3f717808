package dev.diptych.http.openai;

import dev.diptych.tasks.decision.DecisionLimits;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code /v1/decisions} is asked.
 *
 * @param model null takes the default
 * @param input what the questions are about
 */
record DecisionsRequest(@Nullable String model, String input, List<DecisionQuestion> questions) {

  private static final Set<String> FIELDS =
      Set.of("model", "input", "questions", "safety_identifier");
  private static final int LONGEST_IDENTIFIER = 128;
  private static final int MOST_MESSAGES = 1000;

  DecisionsRequest {
    questions = List.copyOf(questions);
  }

  /**
   * Reads a body.
   *
   * @throws Refusal if something of it cannot be used
   */
  static DecisionsRequest of(JsonNode body, DecisionLimits limits) {
    JsonPlace place = JsonPlace.body(body);
    place.object(FIELDS);
    JsonPlace model = place.get("model");
    JsonPlace identifier = place.get("safety_identifier");
    if (!identifier.isAbsentOrNull() && identifier.text().length() > LONGEST_IDENTIFIER) {
      throw identifier.refused(
          "must have at most %d characters. Given: %d"
              .formatted(LONGEST_IDENTIFIER, identifier.text().length()));
    }
    return new DecisionsRequest(
        model.isAbsentOrNull() ? null : model.text(),
        input(place.get("input")),
        place
            .get("questions")
            .items(1, limits.maxQuestions(), " (diptych.decisions.max-questions)")
            .stream()
            .map(DecisionQuestion::of)
            .toList());
  }

  /* Messages stand one under the other, with a line between them. */
  private static String input(JsonPlace input) {
    if (input.there("what the questions are about").isString()) {
      return input.words();
    }
    return input.items(1, MOST_MESSAGES, "").stream()
        .map(DecisionsRequest::message)
        .collect(Collectors.joining("\n\n"));
  }

  private static String message(JsonPlace message) {
    message.object(Set.of("type", "role", "content"));
    JsonPlace type = message.get("type");
    if (!type.isAbsent() && !type.text().equals("message")) {
      throw type.refused("must be message. Given: " + type.text());
    }
    if (!message.get("role").text().equals("user")) {
      throw message.get("role").refused("must be user. Given: " + message.get("role").text());
    }
    JsonPlace content = message.get("content");
    if (content.there("a text or its parts").isString()) {
      return content.words();
    }
    return content.items(1, MOST_MESSAGES, "").stream()
        .map(DecisionsRequest::part)
        .collect(Collectors.joining("\n"));
  }

  private static String part(JsonPlace part) {
    String type = part.get("type").text();
    if (!type.equals("input_text")) {
      throw Refusal.unsupported(
          part.get("type").name(),
          "`%s` must be input_text, as only text is read. Given: %s"
              .formatted(part.get("type").name(), type));
    }
    part.object(Set.of("type", "text"));
    return part.get("text").words();
  }
}
