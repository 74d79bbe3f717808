package dev.diptych.http.rerank;

import dev.diptych.http.ListReader;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What is ranked.
 *
 * @param texts the strings, or the texts of the objects
 */
@Schema(
    name = "Documents",
    description = "Texts, or objects with a field `text`, whose other fields do not count",
    types = "array",
    oneOf = {String[].class, Object[].class},
    example = "[\"Paris is the capital of France.\", \"Cheese is made of milk.\"]")
@JsonDeserialize(using = Documents.Reader.class)
record Documents(@Schema(hidden = true) List<String> texts) {

  private static final String FORMS =
      "must be a list of strings, or of objects with a string as `text`";

  /** Reads documents. */
  static final class Reader extends ValueDeserializer<Documents> {

    @Override
    public Documents deserialize(JsonParser parser, DeserializationContext context) {
      ListReader reader = new ListReader(parser, context, Documents.class, FORMS);
      reader.openList();
      List<String> texts = new ArrayList<>();
      while (!reader.closesList()) {
        reader.add(texts, reader.isText() ? reader.text() : textOf(parser, reader));
      }
      return new Documents(texts);
    }

    private static String textOf(JsonParser parser, ListReader reader) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw reader.refused();
      }
      String text = null;
      for (String field = parser.nextName(); field != null; field = parser.nextName()) {
        parser.nextToken();
        if (field.equals("text")) {
          text = reader.text();
        } else {
          parser.skipChildren();
        }
      }
      if (text == null) {
        throw reader.refused();
      }
      return text;
    }
  }
}
