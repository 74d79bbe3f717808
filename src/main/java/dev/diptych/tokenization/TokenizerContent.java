package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.OlderTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code tokenizer.json}, read once as a stream.
 *
 * @param vocabulary its model's entries and its added tokens, both ways
 * @param added its added tokens
 * @param parts its small parts as trees: {@code normalizer}, {@code pre_tokenizer}, {@code
 *     post_processor}, {@code decoder}, and {@code model} without vocabulary and merges
 * @param large its added tokens and model as JSON in ASCII: an object that is not closed
 */
record TokenizerContent(
    Vocabulary vocabulary, List<AddedToken> added, ObjectNode parts, String large) {

  /*
   * The library wants the file as a string. It gets what was read, written again in ASCII, as a
   * string of that takes one byte of heap for each character. What the library would not read is
   * left out, and truncation and padding with it.
   */

  /** Largest file; those of the largest vocabularies have about 35 MB. */
  static final long MAX_BYTES = Math.min(200_000_000, Runtime.getRuntime().maxMemory() / 8);

  private static final String FILE = "tokenizer.json";
  private static final List<String> SMALL = List.of("normalizer", "pre_tokenizer", "decoder");
  private static final JsonMapper JSON =
      JsonMapper.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .build();

  /**
   * Reads the file of a folder, or what it would be where the folder has an older kind of
   * tokenizer.
   *
   * @throws InvalidCheckpoint if it is too large, nested too deeply, malformed, or has no
   *     vocabulary
   */
  static TokenizerContent read(Path folder) throws IOException {
    return read(folder, Map.of());
  }

  /** The same with other spellings of some tokens. */
  static TokenizerContent read(Path folder, Map<String, String> spellings) throws IOException {
    Path file = folder.resolve(FILE);
    try (ByteArrayBuilder bytes = new ByteArrayBuilder();
        JsonGenerator copy =
            JSON.tokenStreamFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
      TokenizerContentReader reader = new TokenizerContentReader(file, copy, spellings);
      copy.writeStartObject();
      if (Files.isRegularFile(file)) {
        JsonSource.read(file, MAX_BYTES, reader::member);
      } else {
        JsonSource.read(
            file, new ByteArrayInputStream(OlderTokenizer.json(folder)), reader::member);
      }
      copy.flush();
      if (reader.vocabulary().size() == 0) {
        throw new InvalidCheckpoint("%s has no vocabulary".formatted(file));
      }
      return new TokenizerContent(
          reader.vocabulary(),
          List.copyOf(reader.added()),
          reader.parts(),
          new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1));
    }
  }

  JsonNode part(String name) {
    return parts.path(name);
  }

  /** The JSON for the library, which neither truncates nor pads. */
  String json(JsonNode postProcessor) {
    ObjectNode small = JSON.createObjectNode();
    small.put("version", "1.0");
    small.putNull("truncation");
    small.putNull("padding");
    SMALL.forEach(name -> small.set(name, parts.get(name)));
    small.set("post_processor", postProcessor);
    return large + ',' + JSON.writeValueAsString(small).substring(1);
  }
}
