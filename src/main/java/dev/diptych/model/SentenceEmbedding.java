package dev.diptych.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the files of sentence-transformers say about turning a text into one vector.
 *
 * @param pooling how token states are pooled; the mean when the checkpoint does not say
 * @param maxTokens longest text in tokens, if limited below the model's own limit
 * @param prompts texts that are put before an input, by name
 * @param defaultPrompt the prompt that is used when a request names none; null for no prompt
 */
public record SentenceEmbedding(
    Pooling pooling,
    OptionalInt maxTokens,
    Map<String, String> prompts,
    @Nullable String defaultPrompt) {

  public SentenceEmbedding {
    prompts = Map.copyOf(prompts);
  }

  /**
   * Reads {@code 1_Pooling/config.json}, {@code sentence_bert_config.json} and {@code
   * config_sentence_transformers.json}, each if it is there.
   */
  public static SentenceEmbedding read(Path folder) throws IOException {
    if (Files.isDirectory(folder.resolve("2_Dense"))) {
      throw new IOException(
          "the checkpoint has a Dense module after pooling (2_Dense), which is not supported");
    }
    ConfigFile lengths = ConfigFile.readIfPresent(folder.resolve("sentence_bert_config.json"));
    int maxTokens = lengths == null ? 0 : lengths.count(1, 1 << 24, 0, "max_seq_length");
    ConfigFile settings =
        ConfigFile.readIfPresent(folder.resolve("config_sentence_transformers.json"));
    Map<String, String> prompts = new LinkedHashMap<>();
    String defaultPrompt = null;
    if (settings != null) {
      JsonNode named = settings.find("prompts");
      if (named != null && named.isObject()) {
        named
            .propertyStream()
            .forEach(entry -> prompts.put(entry.getKey(), entry.getValue().asString("")));
      }
      String name = settings.text("", "default_prompt_name");
      defaultPrompt = name.isEmpty() ? null : name;
    }
    return new SentenceEmbedding(
        pooling(folder),
        maxTokens == 0 ? OptionalInt.empty() : OptionalInt.of(maxTokens),
        prompts,
        defaultPrompt);
  }

  private static Pooling pooling(Path folder) throws IOException {
    ConfigFile config =
        ConfigFile.readIfPresent(folder.resolve("1_Pooling").resolve("config.json"));
    if (config == null || isSet(config, "pooling_mode_mean_tokens")) {
      return Pooling.MEAN;
    }
    if (isSet(config, "pooling_mode_cls_token")) {
      return Pooling.CLS;
    }
    if (isSet(config, "pooling_mode_lasttoken")) {
      return Pooling.LAST_TOKEN;
    }
    throw new IOException(
        "1_Pooling/config.json asks for a pooling other than mean, cls or last token");
  }

  private static boolean isSet(ConfigFile config, String field) {
    JsonNode node = config.find(field);
    return node != null && node.asBoolean(false);
  }
}
