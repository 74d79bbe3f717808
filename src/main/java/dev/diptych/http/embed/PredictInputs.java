package dev.diptych.http.embed;

import dev.diptych.http.ListReader;
import dev.diptych.tasks.ClassifierInput;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What to classify. A list of strings is one text or one pair, not a batch.
 *
 * @param single whether it is a single text or pair, whose answer is not in a list
 * @param items each text or pair
 */
@Schema(
    name = "PredictInputs",
    description =
        "A text, a list of one text or of the two texts of a pair, or a list of such lists",
    types = {"string", "array"},
    oneOf = {String.class, String[].class, String[][].class},
    example = "[[\"I like you.\"], [\"I like you.\", \"I like pineapples.\"]]")
@JsonDeserialize(using = PredictInputs.Reader.class)
record PredictInputs(
    @Schema(hidden = true) boolean single, @Schema(hidden = true) List<ClassifierInput> items) {

  private static final String FORMS =
      "must be a string, a list of one or two strings, or a list of such lists";

  /** Reads what to classify. */
  static final class Reader extends ValueDeserializer<PredictInputs> {

    @Override
    public PredictInputs deserialize(JsonParser parser, DeserializationContext context) {
      ListReader reader = new ListReader(parser, context, PredictInputs.class, FORMS);
      if (reader.isText()) {
        return new PredictInputs(true, List.of(new ClassifierInput.Text(reader.text())));
      }
      reader.openList();
      if (reader.isText()) {
        return new PredictInputs(true, List.of(textOrPair(reader)));
      }
      List<ClassifierInput> items = new ArrayList<>();
      while (!reader.closesList()) {
        reader.openList();
        reader.add(items, textOrPair(reader));
      }
      return new PredictInputs(false, items);
    }

    private static ClassifierInput textOrPair(ListReader reader) {
      List<String> texts = new ArrayList<>(2);
      while (!reader.closesList()) {
        if (texts.size() == 2) {
          throw reader.refused();
        }
        reader.add(texts, reader.text());
      }
      return switch (texts.size()) {
        case 1 -> new ClassifierInput.Text(texts.getFirst());
        case 2 -> new ClassifierInput.Pair(texts.getFirst(), texts.getLast());
        default -> throw reader.refused();
      };
    }
  }
}
