package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Pull parser for JSON out of untrusted files: bounded nesting, names and numbers, errors that name
 * the file. It keeps nothing of what it has passed, so the caller looks for duplicate names.
 */
final class StrictJson implements AutoCloseable {

  private static final int MAX_NESTING = 16;
  private static final int MAX_NAME_LENGTH = 512;
  private static final int MAX_STRING_LENGTH = 4_096;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNameLength(MAX_NAME_LENGTH)
                  .maxStringLength(MAX_STRING_LENGTH)
                  .maxNumberLength(32)
                  .build())
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES) // it keeps all names
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .build();

  private final Path file;
  private final JsonParser parser;

  StrictJson(Path file, InputStream json) {
    this.file = file;
    this.parser = FACTORY.createParser(ObjectReadContext.empty(), json);
  }

  @FunctionalInterface
  interface Member {
    /** Reads the value of the member; the parser stands before it. */
    void read(String name) throws InvalidCheckpoint;
  }

  /** Reads an object, member by member. */
  void object(String what, Member member) throws InvalidCheckpoint {
    expect(JsonToken.START_OBJECT, what);
    while (next() == JsonToken.PROPERTY_NAME) {
      member.read(parser.currentName());
    }
  }

  String string(String what) throws InvalidCheckpoint {
    expect(JsonToken.VALUE_STRING, what);
    try {
      return parser.getString();
    } catch (JacksonException e) {
      throw broken(e);
    }
  }

  /** Reads an array of at most {@code limit} integers of 0 to 2^63-1. */
  List<Long> sizes(String what, int limit) throws InvalidCheckpoint {
    expect(JsonToken.START_ARRAY, what);
    List<Long> sizes = new ArrayList<>();
    while (next() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw invalid("%s holds something that is not an integer".formatted(what));
      }
      if (sizes.size() == limit) {
        throw invalid("%s has more than %d entries".formatted(what, limit));
      }
      sizes.add(size(what));
    }
    return sizes;
  }

  private long size(String what) throws InvalidCheckpoint {
    try {
      long size = parser.getLongValue();
      if (size < 0) {
        throw invalid("%s holds the negative number %d".formatted(what, size));
      }
      return size;
    } catch (JacksonException e) {
      throw broken(e);
    }
  }

  void skip() throws InvalidCheckpoint {
    next();
    try {
      parser.skipChildren();
    } catch (JacksonException e) {
      throw broken(e);
    }
  }

  /** Checks that nothing but blanks follows. */
  void end() throws InvalidCheckpoint {
    try {
      if (parser.nextToken() != null) {
        throw invalid("something follows the JSON object");
      }
    } catch (JacksonException e) {
      throw broken(e);
    }
  }

  private void expect(JsonToken token, String what) throws InvalidCheckpoint {
    JsonToken found = next();
    if (found != token) {
      throw invalid("%s is %s where %s is expected".formatted(what, found, token));
    }
  }

  private JsonToken next() throws InvalidCheckpoint {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw invalid("the JSON ends too early");
      }
      return token;
    } catch (JacksonException e) {
      throw broken(e);
    }
  }

  InvalidCheckpoint invalid(String problem) {
    return new InvalidCheckpoint(file + ": " + problem);
  }

  private InvalidCheckpoint broken(JacksonException e) {
    return new InvalidCheckpoint(
        "%s: malformed JSON: %s".formatted(file, quote(e.getOriginalMessage())), e);
  }

  @Override
  public void close() {
    parser.close();
  }
}
