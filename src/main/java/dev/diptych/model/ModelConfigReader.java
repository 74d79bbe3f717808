package dev.diptych.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads config.json; a family or feature that has no forward pass here is refused by name. */
public final class ModelConfigReader {

  private static final int MAX_VOCABULARY = 2_000_000;
  private static final int MAX_WIDTH = 1 << 17;
  private static final int MAX_LAYERS = 1024;
  private static final int MAX_POSITIONS = 1 << 24;

  private ModelConfigReader() {}

  /**
   * The configuration of the checkpoint in a folder.
   *
   * @throws IOException if config.json is missing, broken, inconsistent or of an unsupported family
   */
  public static ModelConfig read(Path folder) throws IOException {
    ConfigFile config = ConfigFile.read(folder.resolve("config.json"));
    String type = config.text("", "model_type");
    return switch (type) {
      case "gpt2" -> gpt2(config);
      case "llama", "qwen2" -> llama(config);
      case "bert" -> bert(config, EncoderConfig.Family.BERT, 0);
      case "roberta", "xlm-roberta", "camembert" -> roberta(config);
      case "distilbert" -> distilbert(config);
      default ->
          throw new IOException(
              "model_type '%s' is not supported (supported: gpt2, llama, qwen2, bert, roberta, xlm-roberta, camembert, distilbert)"
                  .formatted(type));
    };
  }

  private static DecoderConfig gpt2(ConfigFile config) throws IOException {
    requireOneOf(config, "activation_function", "gelu_new", "gelu_new", "gelu_pytorch_tanh");
    int hidden = config.count(MAX_WIDTH, "n_embd", "hidden_size");
    int heads = config.count(MAX_WIDTH, "n_head", "num_attention_heads");
    requireDivisible("n_embd", hidden, "n_head", heads);
    return new DecoderConfig(
        DecoderConfig.Family.GPT2,
        config.count(MAX_VOCABULARY, "vocab_size"),
        hidden,
        config.count(1, MAX_WIDTH, 4 * hidden, "n_inner"),
        config.count(MAX_LAYERS, "n_layer", "num_hidden_layers"),
        heads,
        heads,
        hidden / heads,
        config.count(MAX_POSITIONS, "n_positions", "n_ctx"),
        config.number(1e-5, "layer_norm_epsilon"),
        null);
  }

  private static DecoderConfig llama(ConfigFile config) throws IOException {
    requireOneOf(config, "hidden_act", "silu", "silu");
    JsonNode slidingWindow = config.find("use_sliding_window");
    if (slidingWindow != null && slidingWindow.asBoolean(false)) {
      throw new IOException(
          "config.json asks for a sliding attention window, which is not supported");
    }
    int hidden = config.count(MAX_WIDTH, "hidden_size");
    int heads = config.count(MAX_WIDTH, "num_attention_heads");
    int keyValueHeads = config.count(1, heads, heads, "num_key_value_heads");
    requireDivisible("num_attention_heads", heads, "num_key_value_heads", keyValueHeads);
    JsonNode head = config.find("head_dim");
    if (head == null) {
      requireDivisible("hidden_size", hidden, "num_attention_heads", heads);
    }
    int headDimension = config.count(2, MAX_WIDTH, hidden / heads, "head_dim");
    requireDivisible("head_dim", headDimension, "a pair", 2);
    return new DecoderConfig(
        DecoderConfig.Family.LLAMA,
        config.count(MAX_VOCABULARY, "vocab_size"),
        hidden,
        config.count(MAX_WIDTH, "intermediate_size"),
        config.count(MAX_LAYERS, "num_hidden_layers"),
        heads,
        keyValueHeads,
        headDimension,
        config.count(MAX_POSITIONS, "max_position_embeddings"),
        config.number(1e-6, "rms_norm_eps"),
        rotary(config));
  }

  private static RotaryEmbedding rotary(ConfigFile config) throws IOException {
    ConfigFile parameters = config.object("rope_parameters");
    ConfigFile rope = parameters == null ? config.object("rope_scaling") : parameters;
    double outerTheta = config.number(10_000, "rope_theta");
    if (rope == null) {
      return new RotaryEmbedding(outerTheta, null);
    }
    double theta = rope.number(outerTheta, "rope_theta");
    String type = rope.text("default", "rope_type", "type");
    return switch (type) {
      case "default" -> new RotaryEmbedding(theta, null);
      case "llama3" -> new RotaryEmbedding(theta, llama3(rope));
      default ->
          throw new IOException(
              "rope_type '%s' is not supported (supported: default, llama3)".formatted(type));
    };
  }

  private static RotaryEmbedding.Scaling llama3(ConfigFile rope) throws IOException {
    var scaling =
        new RotaryEmbedding.Scaling(
            rope.number(1, "factor"),
            rope.number(1, "low_freq_factor"),
            rope.number(4, "high_freq_factor"),
            rope.count(MAX_POSITIONS, "original_max_position_embeddings"));
    if (scaling.factor() <= 0
        || scaling.lowFrequencyFactor() <= 0
        || scaling.highFrequencyFactor() <= scaling.lowFrequencyFactor()) {
      throw new IOException("the llama3 rope scaling of config.json is inconsistent: " + scaling);
    }
    return scaling;
  }

  private static EncoderConfig roberta(ConfigFile config) throws IOException {
    int padding = config.count(0, MAX_VOCABULARY, 1, "pad_token_id");
    return bert(config, EncoderConfig.Family.ROBERTA, padding + 1);
  }

  private static EncoderConfig bert(
      ConfigFile config, EncoderConfig.Family family, int firstPosition) throws IOException {
    requireOneOf(config, "hidden_act", "gelu", "gelu");
    requireOneOf(config, "position_embedding_type", "absolute", "absolute");
    return encoder(
        config,
        family,
        config.count(MAX_WIDTH, "hidden_size"),
        config.count(MAX_WIDTH, "intermediate_size"),
        config.count(MAX_LAYERS, "num_hidden_layers"),
        config.count(MAX_WIDTH, "num_attention_heads"),
        firstPosition,
        config.count(1, 1024, 2, "type_vocab_size"));
  }

  private static EncoderConfig distilbert(ConfigFile config) throws IOException {
    requireOneOf(config, "activation", "gelu", "gelu");
    return encoder(
        config,
        EncoderConfig.Family.DISTILBERT,
        config.count(MAX_WIDTH, "dim"),
        config.count(MAX_WIDTH, "hidden_dim"),
        config.count(MAX_LAYERS, "n_layers"),
        config.count(MAX_WIDTH, "n_heads"),
        0,
        0);
  }

  private static EncoderConfig encoder(
      ConfigFile config,
      EncoderConfig.Family family,
      int hidden,
      int intermediate,
      int layers,
      int heads,
      int firstPosition,
      int segments)
      throws IOException {
    requireDivisible("hidden size", hidden, "attention heads", heads);
    int positions = config.count(MAX_POSITIONS, "max_position_embeddings");
    if (positions <= firstPosition) {
      throw new IOException(
          "max_position_embeddings %d leaves no room after padding index %d"
              .formatted(positions, firstPosition - 1));
    }
    return new EncoderConfig(
        family,
        config.count(MAX_VOCABULARY, "vocab_size"),
        hidden,
        intermediate,
        layers,
        heads,
        positions,
        firstPosition,
        segments,
        config.number(1e-12, "layer_norm_eps"));
  }

  private static void requireOneOf(
      ConfigFile config, String field, String fallback, String... allowed) throws IOException {
    String value = config.text(fallback, field);
    if (!Set.of(allowed).contains(value)) {
      throw new IOException(
          "%s '%s' is not supported (supported: %s)"
              .formatted(field, value, String.join(", ", allowed)));
    }
  }

  private static void requireDivisible(String what, int value, String by, int divisor)
      throws IOException {
    if (value % divisor != 0) {
      throw new IOException("%s %d is not a multiple of %s %d".formatted(what, value, by, divisor));
    }
  }
}
