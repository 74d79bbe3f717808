package dev.diptych.http.service;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** What a body that is posted to the root asks for, as far as its fields tell. */
enum RootBody {
  /** A list of inputs, or one with the options of vectors. */
  TEXTS_TO_EMBED,
  /** A sentence, and others to compare it with. */
  PAIR_OF_SENTENCES,
  /** A single text, or what nobody can read. */
  ANYTHING;

  private static final String INPUTS = "inputs";
  private static final Set<String> OF_GENERATION = Set.of("parameters", "stream");
  private static final Set<String> OF_VECTORS =
      Set.of("normalize", "truncate", "truncation_direction", "prompt_name", "dimensions");

  static RootBody of(InputStream body, JsonMapper mapper) throws IOException {
    try (JsonParser parser = mapper.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return ANYTHING;
      }
      boolean isOfGeneration = false;
      boolean isOfVectors = false;
      for (String field = parser.nextName(); field != null; field = parser.nextName()) {
        JsonToken value = parser.nextToken();
        if (field.equals(INPUTS) && value == JsonToken.START_ARRAY) {
          return TEXTS_TO_EMBED;
        }
        if (field.equals(INPUTS) && value == JsonToken.START_OBJECT) {
          return PAIR_OF_SENTENCES;
        }
        isOfGeneration |= OF_GENERATION.contains(field);
        isOfVectors |= OF_VECTORS.contains(field);
        parser.skipChildren();
      }
      return isOfVectors && !isOfGeneration ? TEXTS_TO_EMBED : ANYTHING;
    } catch (JacksonException _) {
      return ANYTHING; // whoever answers says what is wrong with it
    }
  }
}
