package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.blueprint.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the files of sentence-transformers say about turning a text into one vector.
 *
 * @param poolings how token states are pooled, one behind the other; the mean when the checkpoint
 *     does not say
 * @param poolsPrompts whether the tokens of a prompt are pooled too
 * @param steps what is done with the pooled vector, one after another
 * @param maxTokens longest text in tokens, if limited below the model's own limit
 * @param lowersCase whether letters are lowered before the tokenizer sees them
 * @param prompts texts that are put before an input, by name
 * @param defaultPrompt the prompt that is used when a request names none; null for no prompt
 */
public record SentenceEmbedding(
    List<Pooling> poolings,
    boolean poolsPrompts,
    List<VectorStep> steps,
    OptionalInt maxTokens,
    boolean lowersCase,
    Map<String, String> prompts,
    @Nullable String defaultPrompt) {

  private static final Logger log = LoggerFactory.getLogger(SentenceEmbedding.class);
  private static final int MAX_TOKENS = 1 << 24;
  private static final String SETTINGS = "config_sentence_transformers.json";

  /* The first that is there counts; sentence-transformers named it for the model once. */
  private static final List<String> LENGTHS =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  public SentenceEmbedding {
    poolings = List.copyOf(poolings);
    steps = List.copyOf(steps);
    prompts = Map.copyOf(prompts);
  }

  /** Whether a checkpoint says how its states become the vector of a text. */
  public static boolean isDescribed(Path folder) {
    return Files.exists(folder.resolve("modules.json"));
  }

  /**
   * Reads {@code modules.json} and what it names, the file of the longest text, and {@code
   * config_sentence_transformers.json}, each if it is there.
   *
   * @throws IOException if one is broken, or asks for something that is not computed here
   */
  public static SentenceEmbedding read(Path folder) throws IOException {
    return read(folder, SentenceModules.read(folder), false);
  }

  /** Whether a checkpoint says that its vectors are sparse, over the vocabulary. */
  public static boolean isSparse(Path folder) {
    return SentenceModules.isSparse(folder);
  }

  /**
   * What the same files say of texts whose vectors are sparse.
   *
   * @throws IOException if one is broken, or asks for another pooling than SPLADE's largest
   */
  public static SentenceEmbedding readSparse(Path folder) throws IOException {
    return read(folder, SentenceModules.readSparse(folder), true);
  }

  private static SentenceEmbedding read(Path folder, SentenceModules modules, boolean sparse)
      throws IOException {
    OptionalInt maxTokens = OptionalInt.empty();
    boolean lowersCase = false;
    ConfigFile text = textSettings(folder);
    if (text != null) {
      int most = text.count(1, MAX_TOKENS, MAX_TOKENS, "max_seq_length");
      maxTokens = most == MAX_TOKENS ? maxTokens : OptionalInt.of(most);
      lowersCase = text.flag(false, "do_lower_case");
      requireUsualTransformer(text, sparse);
    }
    Map<String, String> prompts = new LinkedHashMap<>();
    String defaultPrompt = null;
    ConfigFile settings = ConfigFile.readIfPresent(folder, SETTINGS);
    if (settings != null) {
      settings.oneOf("model_type", sparse ? "SparseEncoder" : "SentenceTransformer");
      prompts = prompts(settings);
      String name = settings.text("", "default_prompt_name");
      defaultPrompt = name.isEmpty() ? null : name;
      if (defaultPrompt != null && !prompts.containsKey(defaultPrompt)) {
        throw new IOException(
            "%s: default_prompt_name '%s' is none of the prompts %s"
                .formatted(SETTINGS, shortened(name), shortened(prompts.keySet())));
      }
      tellUnknown(settings, Set.of("__version__", "similarity_fn_name", "requirements"));
    }
    return new SentenceEmbedding(
        modules.pooling().poolings(),
        modules.pooling().poolsPrompts(),
        modules.steps(),
        maxTokens,
        lowersCase,
        prompts,
        defaultPrompt);
  }

  /* Of these files only what concerns texts that are embedded without a task. */
  private static void requireUsualTransformer(ConfigFile text, boolean sparse) throws IOException {
    text.oneOf("transformer_task", sparse ? "fill-mask" : "feature-extraction");
    text.oneOf("module_output_name", "token_embeddings");
    for (String field : List.of("config_args", "config_kwargs")) {
      text.refuse(field, "other settings of a model are not supported");
    }
    for (String field : List.of("tokenizer_args", "processor_kwargs", "processing_kwargs")) {
      text.refuse(field, "other settings of a tokenizer are not supported");
    }
    text.refuse("query_expansion", "it is not supported");
    ConfigFile modalities = text.object("modality_config");
    if (modalities != null) {
      ConfigFile ofText = modalities.object("text");
      if (ofText == null) {
        throw new IOException(
            "%s has no text, but %s: only texts are embedded"
                .formatted(modalities.name(), shortened(modalities.fields())));
      }
      ofText.oneOf("method", "forward");
      ofText.oneOf("method_output_name", sparse ? "logits" : "last_hidden_state");
    }
    tellUnknown(
        text,
        Set.of("model_args", "model_kwargs", "unpad_inputs", "query_length", "document_length"));
  }

  private static @Nullable ConfigFile textSettings(Path folder) throws IOException {
    for (String name : LENGTHS) {
      ConfigFile file = ConfigFile.readIfPresent(folder, name);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  private static Map<String, String> prompts(ConfigFile settings) throws IOException {
    Map<String, String> prompts = new LinkedHashMap<>();
    ConfigFile named = settings.object("prompts");
    if (named != null) {
      for (String name : named.fields()) {
        prompts.put(name, named.text("", name));
      }
    }
    return prompts;
  }

  static void tellUnknown(ConfigFile file, Set<String> harmless) {
    Set<String> unknown = file.unknown(harmless);
    if (!unknown.isEmpty()) {
      log.warn("{} has fields that are not known here: {}", file.name(), shortened(unknown));
    }
  }
}
