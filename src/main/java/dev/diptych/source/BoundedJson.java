package dev.diptych.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON that others wrote, read within bounds of size and nesting. */
final class BoundedJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxNameLength(1 << 12)
                          .maxStringLength(1 << 20)
                          .maxNumberLength(32)
                          .build())
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                  .build())
          .build();

  private BoundedJson() {}

  /**
   * A small file as a tree, which may take forty times the file's size.
   *
   * @throws IOException if it is larger than {@code most} bytes or broken
   */
  static JsonNode read(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new IOException("%s is larger than %d bytes".formatted(file.getFileName(), most));
      }
      return MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw new IOException(
          "%s is broken: %s".formatted(file.getFileName(), e.getOriginalMessage()), e);
    }
  }

  /** A parser over a text of any length, which keeps nothing. */
  static JsonParser stream(InputStream in) {
    return MAPPER.createParser(in);
  }
}
