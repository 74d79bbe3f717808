package dev.diptych.http.openai;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The text of a message's content, which is a string or a list of parts. */
final class MessageText {

  private static final Set<String> TEXTS = Set.of("text", "input_text", "output_text", "refusal");

  private MessageText() {}

  /**
   * The parts put together, line by line.
   *
   * @param place of the content in the request
   */
  static @Nullable String of(@Nullable JsonNode content, String place) {
    if (content == null || content.isNull() || content.isMissingNode()) {
      return null;
    }
    if (content.isString()) {
      return content.stringValue();
    }
    if (!content.isArray()) {
      throw Refusal.value(
          place, "`%s` must be a string or a list of parts of type text".formatted(place));
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < content.size(); i++) {
      text.append(i == 0 ? "" : "\n").append(part(content.get(i), "%s[%d]".formatted(place, i)));
    }
    return text.toString();
  }

  private static String part(JsonNode part, String place) {
    String type = part.path("type").asString("");
    if (!TEXTS.contains(type)) {
      throw Refusal.unsupported(
          place,
          "`%s` must be of type text, as the model reads nothing else. Given: %s"
              .formatted(place, type.isEmpty() ? part.getNodeType() : type));
    }
    JsonNode text = part.path(type.equals("refusal") ? "refusal" : "text");
    if (!text.isString()) {
      throw Refusal.value(place + ".text", "`%s.text` must be a string".formatted(place));
    }
    return text.stringValue();
  }
}
