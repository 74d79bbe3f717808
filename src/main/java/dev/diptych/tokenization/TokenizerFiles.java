package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model folder says about its tokenizer.
 *
 * @param folder where the files lie
 * @param definition {@code tokenizer.json} with truncation and padding switched off
 * @param settings {@code tokenizer_config.json}; empty if there is none
 * @param specialTokens {@code special_tokens_map.json}; empty if there is none
 */
record TokenizerFiles(
    Path folder, ObjectNode definition, ObjectNode settings, ObjectNode specialTokens) {

  /** Largest {@code tokenizer.json}; those of the largest vocabularies have about 35 MB. */
  static final long MAX_DEFINITION_BYTES = 200_000_000;

  /** Largest of the other files, chat template included. */
  static final long MAX_SETTINGS_BYTES = 20_000_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  static TokenizerFiles read(Path folder) throws IOException {
    Path definitionFile = folder.resolve("tokenizer.json");
    if (!Files.isRegularFile(definitionFile)) {
      throw new InvalidCheckpoint(missing(folder));
    }
    ObjectNode definition = object(definitionFile, MAX_DEFINITION_BYTES);
    definition.putNull("truncation");
    definition.putNull("padding");
    return new TokenizerFiles(
        folder,
        definition,
        optional(folder.resolve("tokenizer_config.json")),
        optional(folder.resolve("special_tokens_map.json")));
  }

  private static String missing(Path folder) {
    if (Files.isRegularFile(folder.resolve("vocab.txt"))) {
      return "%s has a vocab.txt but no tokenizer.json; import the model or convert its tokenizer"
          .formatted(folder);
    }
    return "%s has no tokenizer.json".formatted(folder);
  }

  /** The JSON object in a file of the folder; empty if there is no such file. */
  static ObjectNode optional(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return JSON.createObjectNode();
    }
    return object(file, MAX_SETTINGS_BYTES);
  }

  private static ObjectNode object(Path file, long maxBytes) throws IOException {
    requireAtMost(file, maxBytes);
    try {
      if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new InvalidCheckpoint(
          "%s is not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    throw new InvalidCheckpoint("%s does not hold a JSON object".formatted(file));
  }

  static void requireAtMost(Path file, long maxBytes) throws IOException {
    long bytes = Files.size(file);
    if (bytes > maxBytes) {
      throw new InvalidCheckpoint(
          "%s has %d bytes, more than the limit of %d".formatted(file, bytes, maxBytes));
    }
  }

  /** The definition as JSON text. */
  byte[] definitionBytes() {
    return JSON.writeValueAsBytes(definition);
  }

  /**
   * The text of a special token such as {@code mask_token}; null if the folder names none.
   *
   * @param role the key in {@code tokenizer_config.json} and {@code special_tokens_map.json}
   */
  @Nullable String specialToken(String role) {
    String named = specialToken(settings, role);
    return named == null ? specialToken(specialTokens, role) : named;
  }

  static @Nullable String specialToken(ObjectNode object, String role) {
    JsonNode value = object.path(role);
    JsonNode text = value.isObject() ? value.path("content") : value;
    return text.isString() ? text.stringValue() : null;
  }

  /** Whether decoded text loses the spaces before punctuation. */
  boolean cleansUpSpaces() {
    boolean wanted = settings.path("clean_up_tokenization_spaces").booleanValue(false);
    return wanted && !restoresBytes();
  }

  /* A byte-level decoder gives back the very bytes; clean-up would eat spaces that were written. */
  private boolean restoresBytes() {
    JsonNode decoder = definition.path("decoder");
    if (decoder.path("type").stringValue("").equals("ByteLevel")) {
      return true;
    }
    return decoder
        .path("decoders")
        .valueStream()
        .anyMatch(part -> part.path("type").stringValue("").equals("ByteLevel"));
  }
}
