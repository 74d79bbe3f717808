package dev.diptych.http;

import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/** Reads a list of texts. */
public final class ListOfTexts extends ValueDeserializer<List<String>> {

  @Override
  public List<String> deserialize(JsonParser parser, DeserializationContext context) {
    return new ListReader(parser, context, List.class, "must be a list of strings").texts();
  }
}
