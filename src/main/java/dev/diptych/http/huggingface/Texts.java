package dev.diptych.http.huggingface;

import dev.diptych.http.ListReader;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A text, or a list of texts.
 *
 * @param values each text
 * @param isList whether it came as a list, and is answered as one
 */
@Schema(
    name = "Texts",
    description = "A text, or a list of texts",
    types = {"string", "array"},
    oneOf = {String.class, String[].class},
    example = "Paris is the capital of France.")
@JsonDeserialize(using = Texts.Reader.class)
record Texts(@Schema(hidden = true) List<String> values, @Schema(hidden = true) boolean isList) {

  private static final String FORMS = "must be a string or a list of strings";

  /** What was asked of one text, or of several. */
  Object answer(List<?> answers) {
    return isList ? answers : answers.getFirst();
  }

  /** Reads texts. */
  static final class Reader extends ValueDeserializer<Texts> {

    @Override
    public Texts deserialize(JsonParser parser, DeserializationContext context) {
      ListReader reader = new ListReader(parser, context, Texts.class, FORMS);
      boolean isList = !reader.isText();
      return new Texts(reader.textOrTexts(), isList);
    }
  }
}
