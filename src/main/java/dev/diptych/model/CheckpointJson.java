package dev.diptych.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the small JSON files of a checkpoint, all but tokenizer.json, within limits that hold
 * before anything becomes a tree. Messages name a file relative to the checkpoint.
 */
public final class CheckpointJson {

  /*
   * The largest that people publish are configurations of classifiers with some 20 000 labels, each
   * of which stands in two maps: 1.5 MB, 90 000 tokens.
   */

  public static final int MAX_BYTES = 4 << 20;
  public static final int MAX_NESTING = 32;
  public static final int MAX_TOKENS = 300_000;
  private static final int MAX_NAME_LENGTH = 1024;
  private static final int MAX_NUMBER_LENGTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_NESTING)
                          .maxTokenCount(MAX_TOKENS)
                          .maxNameLength(MAX_NAME_LENGTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxStringLength(MAX_BYTES)
                          .build())
                  .build())
          .build();

  private CheckpointJson() {}

  /**
   * The content of a file.
   *
   * @param name of the file in the folder, with slashes
   * @throws IOException if it is missing, too large, nested too deeply, has too many values or is
   *     not JSON
   */
  public static JsonNode read(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new IOException("the checkpoint has no %s".formatted(name));
    }
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new IOException(
          "%s has %d bytes, more than the %d allowed".formatted(name, size, MAX_BYTES));
    }
    try {
      return MAPPER.readTree(Files.readAllBytes(file));
    } catch (StreamConstraintsException e) {
      throw new IOException(
          "%s is nested deeper than %d, has more than %d values, or names or numbers that are too long"
              .formatted(name, MAX_NESTING, MAX_TOKENS),
          e);
    } catch (JacksonException e) {
      throw new IOException(
          "%s is not valid JSON: %s".formatted(name, shortened(e.getOriginalMessage())), e);
    }
  }

  /** The content of a file; null if there is no such file. */
  public static @Nullable JsonNode readIfPresent(Path folder, String name) throws IOException {
    return Files.exists(folder.resolve(name)) ? read(folder, name) : null;
  }

  /** A value or message on one line, short enough for another message. */
  public static String shortened(@Nullable Object value) {
    String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
