package dev.diptych.http.service;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a body that is posted to the root asks for, as far as its fields tell.
 *
 * @param model that it names; null if it names none
 */
record RootBody(Kind kind, @Nullable String model) {

  /** What its inputs are. */
  enum Kind {
    /** A list of inputs, or one with the options of vectors. */
    TEXTS_TO_EMBED,
    /** A sentence, and others to compare it with. */
    PAIR_OF_SENTENCES,
    /** A single text, or what nobody can read. */
    ANYTHING
  }

  /** A body of which nothing is known. */
  static final RootBody UNKNOWN = new RootBody(Kind.ANYTHING, null);

  private static final String MODEL = "model";
  private static final String INPUTS = "inputs";
  private static final Set<String> OF_GENERATION = Set.of("parameters", "stream");
  private static final Set<String> OF_VECTORS =
      Set.of("normalize", "truncate", "truncation_direction", "prompt_name", "dimensions");

  static RootBody of(InputStream body, JsonMapper mapper) throws IOException {
    Kind inputs = Kind.ANYTHING;
    String model = null;
    boolean isOfGeneration = false;
    boolean isOfVectors = false;
    try (JsonParser parser = mapper.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return UNKNOWN;
      }
      for (String field = parser.nextName(); field != null; field = parser.nextName()) {
        JsonToken value = parser.nextToken();
        if (field.equals(INPUTS)) {
          inputs = of(value);
        }
        if (field.equals(MODEL) && value == JsonToken.VALUE_STRING) {
          model = parser.getString();
        }
        isOfGeneration |= OF_GENERATION.contains(field);
        isOfVectors |= OF_VECTORS.contains(field);
        parser.skipChildren();
      }
      boolean isOption = inputs == Kind.ANYTHING && isOfVectors && !isOfGeneration;
      return new RootBody(isOption ? Kind.TEXTS_TO_EMBED : inputs, model);
    } catch (JacksonException _) {
      return new RootBody(inputs, model); // whoever answers says what is wrong with it
    }
  }

  private static Kind of(@Nullable JsonToken inputs) {
    return inputs == JsonToken.START_ARRAY
        ? Kind.TEXTS_TO_EMBED
        : inputs == JsonToken.START_OBJECT ? Kind.PAIR_OF_SENTENCES : Kind.ANYTHING;
  }
}
