package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the small files beside a vocabulary say: {@code tokenizer_config.json}, {@code
 * special_tokens_map.json}, {@code added_tokens.json} and, for the kind of model, {@code
 * config.json}.
 */
record OlderTokenizerSettings(
    ObjectNode settings, ObjectNode specialTokens, ObjectNode addedTokens, String modelType) {

  private static final long MAX_BYTES = 16_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxTokenCount(2_000_000)
                          .maxNameLength(1024)
                          .maxNumberLength(64)
                          .build())
                  .build())
          .build();

  static OlderTokenizerSettings read(Path folder) throws IOException {
    return new OlderTokenizerSettings(
        object(folder.resolve("tokenizer_config.json")),
        object(folder.resolve("special_tokens_map.json")),
        object(folder.resolve("added_tokens.json")),
        object(folder.resolve("config.json")).path("model_type").asString(""));
  }

  /** The object in a file; empty if there is no such file. */
  static ObjectNode object(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return MAPPER.createObjectNode();
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; at most %d are read".formatted(file, Files.size(file), MAX_BYTES));
    }
    try {
      if (MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new InvalidCheckpoint(
          "%s: malformed JSON: %s".formatted(file, quote(e.getOriginalMessage())), e);
    }
    throw new InvalidCheckpoint("%s does not hold a JSON object".formatted(file));
  }

  /** The class of tokenizers, without {@code Fast}. */
  Optional<String> className() {
    String name = settings.path("tokenizer_class").asString("");
    return Optional.of(name.endsWith("Fast") ? name.substring(0, name.length() - 4) : name)
        .filter(known -> !known.isEmpty());
  }

  /**
   * A setting that is true or false.
   *
   * @throws InvalidCheckpoint if it is anything else
   */
  boolean flag(String name, boolean usual) throws InvalidCheckpoint {
    Boolean flag = flag(name);
    return flag == null ? usual : flag;
  }

  /** The same; null if it is null or not there. */
  @Nullable Boolean flag(String name) throws InvalidCheckpoint {
    JsonNode value = settings.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isBoolean()) {
      throw new InvalidCheckpoint(
          "tokenizer_config.json: %s is %s, not true or false"
              .formatted(name, quote(value.toString())));
    }
    return value.booleanValue();
  }

  /**
   * What the files say of a special token: its text, or an object with that and more; missing if
   * they say nothing, null if there is none.
   */
  JsonNode special(String role) {
    JsonNode ofSettings = settings.path(role);
    return ofSettings.isMissingNode() ? specialTokens.path(role) : ofSettings;
  }

  /** Special tokens without a role. */
  Stream<JsonNode> furtherSpecial() {
    return Stream.of(settings, specialTokens)
        .flatMap(
            file ->
                Stream.of("additional_special_tokens", "extra_special_tokens")
                    .flatMap(name -> file.path(name).valueStream()));
  }
}
