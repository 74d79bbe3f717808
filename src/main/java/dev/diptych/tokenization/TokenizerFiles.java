package dev.diptych.tokenization;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model folder says about its tokenizer.
 *
 * @param folder where the files lie
 * @param definition {@code tokenizer.json}
 * @param settings {@code tokenizer_config.json}; empty if there is none
 * @param specialTokens {@code special_tokens_map.json}; empty if there is none
 */
record TokenizerFiles(
    Path folder, TokenizerContent definition, ObjectNode settings, ObjectNode specialTokens) {

  /** Largest of the other files; the largest known one has 1.2 MB. */
  static final long MAX_SETTINGS_BYTES = 16_000_000;

  /** Repeats what is in {@code tokenizer.json}, and makes up most of the file. */
  private static final Set<String> NOT_READ = Set.of("added_tokens_decoder");

  static TokenizerFiles read(Path folder) throws IOException {
    return new TokenizerFiles(
        folder,
        TokenizerContent.read(folder),
        optional(folder.resolve("tokenizer_config.json")),
        optional(folder.resolve("special_tokens_map.json")));
  }

  /** The JSON object in a file of the folder; empty if there is no such file. */
  static ObjectNode optional(Path file) throws IOException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    if (Files.isRegularFile(file)) {
      LimitedTree trees = new LimitedTree(file);
      JsonSource.read(
          file,
          MAX_SETTINGS_BYTES,
          (name, value) -> {
            if (NOT_READ.contains(name)) {
              value.skipChildren();
            } else {
              object.set(name, trees.read(value));
            }
          });
    }
    return object;
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

  /**
   * Whether the tokens of a second text are of another segment, as transformers tells its models:
   * what {@code model_input_names} says, else what is usual for the class.
   */
  boolean tellsSegments() {
    JsonNode names = settings.path("model_input_names");
    if (names.isArray()) {
      return names.valueStream().anyMatch(name -> name.asString("").equals("token_type_ids"));
    }
    return !settings.path("tokenizer_class").asString("").equals("TokenizersBackend");
  }

  /**
   * {@code model_max_length}, where it is one; transformers writes a number of 31 digits for none.
   */
  OptionalInt maxTokens() {
    JsonNode length = settings.path("model_max_length");
    return length.canConvertToInt() && length.intValue() > 0
        ? OptionalInt.of(length.intValue())
        : OptionalInt.empty();
  }

  /** Whether decoded text loses the spaces before punctuation. */
  boolean cleansUpSpaces() {
    boolean wanted = settings.path("clean_up_tokenization_spaces").booleanValue(false);
    return wanted && !restoresBytes();
  }

  /* A byte-level decoder gives back the very bytes; clean-up would eat spaces that were written. */
  private boolean restoresBytes() {
    JsonNode decoder = definition.part("decoder");
    if (decoder.path("type").stringValue("").equals("ByteLevel")) {
      return true;
    }
    return decoder
        .path("decoders")
        .valueStream()
        .anyMatch(part -> part.path("type").stringValue("").equals("ByteLevel"));
  }
}
