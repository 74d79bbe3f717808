package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The special tokens that a text gets: those of {@code tokenizer.json}, but for the classes of
 * tokenizers which make their own from {@code add_bos_token} and {@code add_eos_token}.
 *
 * <p>As in transformers 4 and in text-generation-inference, Llama's classes ask for a beginning
 * token where nothing is said, and every other class goes by {@code tokenizer.json} whatever is
 * said. A text that itself begins with the token's name has it twice, as there.
 */
final class PostProcessor {

  /** What a class of tokenizers adds when the settings do not say, and its usual tokens. */
  private record Habit(boolean addsBeginning, String beginning, String end) {}

  private static final Map<String, Habit> CLASSES =
      Map.of(
          "LlamaTokenizer", new Habit(true, "<s>", "</s>"),
          "CodeLlamaTokenizer", new Habit(true, "<s>", "</s>"),
          "GemmaTokenizer", new Habit(true, "<bos>", "<eos>"),
          "CohereTokenizer", new Habit(true, "<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>"),
          "GPTNeoXTokenizer", new Habit(false, "<|endoftext|>", "<|endoftext|>"));

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private PostProcessor() {}

  /**
   * The {@code post_processor} that the folder's files ask for.
   *
   * @throws InvalidCheckpoint if they ask for a token that is not in the vocabulary
   */
  static JsonNode of(TokenizerFiles files) throws InvalidCheckpoint {
    JsonNode own = files.definition().part("post_processor");
    String name = files.settings().path("tokenizer_class").stringValue("");
    Habit habit = CLASSES.get(name.endsWith("Fast") ? name.substring(0, name.length() - 4) : name);
    if (habit == null) {
      return own;
    }
    String beginning =
        token(files, "bos_token", habit.beginning, "add_bos_token", habit.addsBeginning);
    String end = token(files, "eos_token", habit.end, "add_eos_token", false);
    return template(files.definition().vocabulary(), beginning, end);
  }

  private static @Nullable String token(
      TokenizerFiles files, String role, String usual, String flag, boolean usually)
      throws InvalidCheckpoint {
    JsonNode said = files.settings().path(flag);
    if (!said.booleanValue(usually) || files.settings().path(role).isNull()) {
      return null;
    }
    String named = files.specialToken(role);
    String token = named == null ? usual : named;
    if (files.definition().vocabulary().id(token).isPresent()) {
      return token;
    }
    if (!said.isBoolean()) {
      return null;
    }
    throw new InvalidCheckpoint(
        "%s/tokenizer_config.json asks for %s, but the vocabulary has no token \"%s\""
            .formatted(files.folder(), flag, token));
  }

  private static JsonNode template(
      Vocabulary vocabulary, @Nullable String beginning, @Nullable String end) {
    ObjectNode template = NODES.objectNode();
    template.put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    sequence(single, "A", 0, beginning, end);
    ArrayNode pair = template.putArray("pair");
    sequence(pair, "A", 0, beginning, end);
    sequence(pair, "B", 1, beginning, end);
    ObjectNode tokens = template.putObject("special_tokens");
    for (String token : new @Nullable String[] {beginning, end}) {
      OptionalInt id = token == null ? OptionalInt.empty() : vocabulary.id(token);
      if (token != null && id.isPresent()) {
        ObjectNode special = tokens.putObject(token);
        special.put("id", token);
        special.putArray("ids").add(id.getAsInt());
        special.putArray("tokens").add(token);
      }
    }
    return template;
  }

  private static void sequence(
      ArrayNode items, String text, int segment, @Nullable String before, @Nullable String after) {
    if (before != null) {
      item(items, "SpecialToken", before, segment);
    }
    item(items, "Sequence", text, segment);
    if (after != null) {
      item(items, "SpecialToken", after, segment);
    }
  }

  private static void item(ArrayNode items, String kind, String id, int segment) {
    items.addObject().putObject(kind).put("id", id).put("type_id", segment);
  }
}
