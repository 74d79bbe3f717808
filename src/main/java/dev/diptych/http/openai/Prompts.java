package dev.diptych.http.openai;

import dev.diptych.generation.Prompt;
import dev.diptych.http.ListReader;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What to continue: a text, the token ids of one text, or a list that may mix both.
 *
 * @param items each text or list of ids
 */
@Schema(
    name = "CompletionPrompts",
    description = "A text, a list of texts, the token ids of one text, or a list of those",
    types = {"string", "array"},
    oneOf = {String.class, String[].class, Integer[].class, Integer[][].class},
    example = "The capital of France is")
@JsonDeserialize(using = Prompts.Reader.class)
record Prompts(@Schema(hidden = true) List<Prompt> items) {

  private static final String FORMS =
      "must be a string, a list of token ids, or a list of strings and lists of token ids";

  Prompts {
    items = List.copyOf(items);
  }

  /** Reads prompts. */
  static final class Reader extends ValueDeserializer<Prompts> {

    @Override
    public Prompts deserialize(JsonParser parser, DeserializationContext context) {
      ListReader reader = new ListReader(parser, context, Prompts.class, FORMS);
      if (reader.isText()) {
        return new Prompts(List.of(new Prompt.Text(reader.text(), true)));
      }
      reader.openList();
      if (reader.isNumber()) {
        return new Prompts(List.of(new Prompt.Tokens(reader.ids())));
      }
      List<Prompt> items = new ArrayList<>();
      while (!reader.closesList()) {
        reader.add(items, item(reader));
      }
      return new Prompts(items);
    }

    private static Prompt item(ListReader reader) {
      if (reader.isText()) {
        return new Prompt.Text(reader.text(), true);
      }
      reader.openList();
      return new Prompt.Tokens(reader.ids());
    }
  }
}
