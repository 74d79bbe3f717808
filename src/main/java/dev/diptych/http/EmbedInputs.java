package dev.diptych.http;

import dev.diptych.encoding.EmbedInput;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What to embed: a text, the token ids of one text, or a list that may mix both.
 *
 * @param items each text or list of ids
 */
@Schema(
    name = "EmbedInputs",
    description = "A text, a list of texts, the token ids of one text, or a list of those",
    types = {"string", "array"},
    oneOf = {String.class, String[].class, Integer[].class, Integer[][].class},
    example = "[\"A cat.\", \"A kitten.\"]")
@JsonDeserialize(using = EmbedInputs.Reader.class)
public record EmbedInputs(@Schema(hidden = true) List<EmbedInput> items) {

  private static final String FORMS =
      "must be a string, a list of token ids, or a list of strings and lists of token ids";

  /** Reads what to embed. */
  static final class Reader extends ValueDeserializer<EmbedInputs> {

    @Override
    public EmbedInputs deserialize(JsonParser parser, DeserializationContext context) {
      ListReader reader = new ListReader(parser, context, EmbedInputs.class, FORMS);
      if (reader.isText()) {
        return new EmbedInputs(List.of(new EmbedInput.Text(reader.text())));
      }
      reader.openList();
      if (reader.isNumber()) {
        return new EmbedInputs(List.of(new EmbedInput.TokenIds(reader.ids())));
      }
      List<EmbedInput> items = new ArrayList<>();
      while (!reader.closesList()) {
        reader.add(items, item(reader));
      }
      return new EmbedInputs(items);
    }

    private static EmbedInput item(ListReader reader) {
      if (reader.isText()) {
        return new EmbedInput.Text(reader.text());
      }
      reader.openList();
      return new EmbedInput.TokenIds(reader.ids());
    }
  }
}
