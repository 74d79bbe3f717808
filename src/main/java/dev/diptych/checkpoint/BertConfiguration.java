package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sizes of a BERT, taken from its weights, and what its release says about the rest. */
record BertConfiguration(
    long vocabularySize,
    long hiddenSize,
    long intermediateSize,
    int layers,
    long heads,
    long maxPositions,
    long typeVocabularySize,
    String activation,
    boolean maskedLanguageModel) {

  /**
   * Size of a head in every BERT that Google released; counts when there is no bert_config.json.
   */
  private static final long HEAD_SIZE = 64;

  private static final long MAX_CONFIG_BYTES = 1 << 20;

  /**
   * @throws InvalidCheckpoint if a weight is missing or has another shape than the others ask for,
   *     or bert_config.json contradicts the weights
   */
  static BertConfiguration of(BertRelease release, Map<String, BertWeight> weights)
      throws IOException {
    BertShapes shapes = new BertShapes(release.index(), weights);
    String embeddings = "bert.embeddings.";
    long hidden = shapes.columns(embeddings + "word_embeddings.weight");
    long intermediate = shapes.rows("bert.encoder.layer.0.intermediate.dense.weight");
    int layers = shapes.checkLayers(hidden, intermediate);
    boolean maskedLanguageModel = shapes.checkMaskedLanguageModel(hidden);
    JsonNode config = release.config().isPresent() ? json(release.config().get()) : null;
    long heads = config == null ? hidden / HEAD_SIZE : config.path("num_attention_heads").asLong(0);
    if (heads < 1 || hidden % heads != 0) {
      throw new InvalidCheckpoint(
          "%s: %d heads do not divide the hidden size %d"
              .formatted(release.config().orElse(release.index()), heads, hidden));
    }
    BertConfiguration result =
        new BertConfiguration(
            shapes.rows(embeddings + "word_embeddings.weight"),
            hidden,
            intermediate,
            layers,
            heads,
            shapes.rows(embeddings + "position_embeddings.weight"),
            shapes.rows(embeddings + "token_type_embeddings.weight"),
            config == null ? "gelu" : config.path("hidden_act").asString("gelu"),
            maskedLanguageModel);
    if (config != null) {
      result.requireAgreement(release.config().get(), config);
    }
    return result;
  }

  private void requireAgreement(Path file, JsonNode config) throws InvalidCheckpoint {
    for (String key :
        List.of("vocab_size", "hidden_size", "num_hidden_layers", "intermediate_size")) {
      Object ours = json(0).get(key);
      if (config.has(key) && !config.get(key).asString("").equals(String.valueOf(ours))) {
        throw new InvalidCheckpoint(
            "%s says %s %s, but the weights have %s".formatted(file, key, config.get(key), ours));
      }
    }
  }

  /** Whether the release says that texts are lower-cased; empty if it says nothing. */
  static Optional<Boolean> lowercase(BertRelease release) throws IOException {
    for (Optional<Path> file : List.of(release.savedModelConfig(), release.config())) {
      if (file.isPresent()) {
        JsonNode json = json(file.get());
        for (String key : List.of("doLowerCase", "do_lower_case")) {
          if (json.path(key).isBoolean()) {
            return Optional.of(json.path(key).asBoolean());
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The content of config.json. */
  Map<String, Object> json(int padTokenId) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of(maskedLanguageModel ? "BertForMaskedLM" : "BertModel"));
    config.put("model_type", "bert");
    config.put("vocab_size", vocabularySize);
    config.put("hidden_size", hiddenSize);
    config.put("intermediate_size", intermediateSize);
    config.put("num_hidden_layers", layers);
    config.put("num_attention_heads", heads);
    config.put("max_position_embeddings", maxPositions);
    config.put("type_vocab_size", typeVocabularySize);
    config.put("hidden_act", activation);
    config.put("layer_norm_eps", 1e-12);
    config.put("hidden_dropout_prob", 0.1);
    config.put("attention_probs_dropout_prob", 0.1);
    config.put("initializer_range", 0.02);
    config.put("pad_token_id", padTokenId);
    config.put("position_embedding_type", "absolute");
    config.put("tie_word_embeddings", true);
    config.put("torch_dtype", "float32");
    return config;
  }

  private static JsonNode json(Path file) throws IOException {
    if (Files.size(file) > MAX_CONFIG_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; at most %d are read"
              .formatted(file, Files.size(file), MAX_CONFIG_BYTES));
    }
    try {
      return JsonMapper.shared().readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new InvalidCheckpoint(file + " is not JSON", e);
    }
  }
}
