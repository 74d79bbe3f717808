package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON file of strangers, read as a stream: bounded in size and nesting, errors name the file.
 */
final class JsonSource {

  /** Deepest nesting; real files have 7. */
  static final int MAX_NESTING = 32;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNumberLength(64)
                  .build())
          .build();

  private JsonSource() {}

  @FunctionalInterface
  interface Member {
    /** Reads the value at which the parser stands, and leaves it at the value's end. */
    void read(String name, JsonParser value) throws IOException;
  }

  /**
   * Reads the object in a file, member by member.
   *
   * @throws InvalidCheckpoint if the file is larger than that, nested too deeply or no JSON object
   */
  static void read(Path file, long maxBytes, Member member) throws IOException {
    requireAtMost(file, maxBytes);
    try (InputStream bytes = Files.newInputStream(file)) {
      read(file, bytes, member);
    }
  }

  /**
   * The same of its content.
   *
   * @param file that errors name
   */
  static void read(Path file, InputStream content, Member member) throws IOException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), content)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidCheckpoint("%s does not hold a JSON object".formatted(file));
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        member.read(name, parser);
      }
      if (parser.nextToken() != null) {
        throw new InvalidCheckpoint("%s goes on behind its JSON object".formatted(file));
      }
    } catch (JacksonException e) {
      throw new InvalidCheckpoint(
          "%s is not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  static void requireAtMost(Path file, long maxBytes) throws IOException {
    long bytes = Files.size(file);
    if (bytes > maxBytes) {
      throw new InvalidCheckpoint(
          "%s has %d bytes, more than the limit of %d".formatted(file, bytes, maxBytes));
    }
  }
}
