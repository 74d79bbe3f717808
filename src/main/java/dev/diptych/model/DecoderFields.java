package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.DecoderConfig.Biases;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the fields of decoders, with the defaults of Hugging Face's classes. */
final class DecoderFields {

  private static final String FULL_ATTENTION = "full_attention";

  private DecoderFields() {}

  static DecoderConfig gpt2(ConfigFile config) throws IOException {
    config.oneOf(
        "activation_function", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate");
    config.require("scale_attn_weights", true, "attention without its scale is not supported");
    config.require(
        "scale_attn_by_inverse_layer_idx", false, "a scale for each layer is not supported");
    int hidden = config.count(1, SizeLimits.WIDTH, 768, "n_embd", "hidden_size");
    int heads = config.count(1, SizeLimits.WIDTH, 12, "n_head", "num_attention_heads");
    SizeLimits.divisible("n_embd", hidden, "n_head", heads);
    int positions =
        config.count(
            1, SizeLimits.LEARNED_POSITIONS, 1024, "n_positions", "max_position_embeddings");
    SizeLimits.product("n_positions", positions, "n_embd", hidden, SizeLimits.TENSOR);
    return checked(
        new DecoderConfig(
            DecoderConfig.Family.GPT2,
            config.count(1, SizeLimits.VOCABULARY, 50257, "vocab_size"),
            hidden,
            config.count(1, SizeLimits.WIDTH, Math.multiplyExact(4, hidden), "n_inner"),
            config.count(1, SizeLimits.LAYERS, 12, "n_layer", "num_hidden_layers"),
            heads,
            heads,
            hidden / heads,
            positions,
            config.positive(1e-5, "layer_norm_epsilon"),
            null,
            Biases.NONE,
            config.flag(true, "tie_word_embeddings")));
  }

  static DecoderConfig llama(ConfigFile config) throws IOException {
    boolean attention = config.flag(false, "attention_bias");
    return llama(
        config,
        new Biases(attention, attention, config.flag(false, "mlp_bias")),
        config.count(1, SizeLimits.POSITIONS, 2048, "max_position_embeddings"));
  }

  static DecoderConfig qwen2(ConfigFile config) throws IOException {
    return llama(
        config,
        new Biases(true, false, false),
        config.count(1, SizeLimits.POSITIONS, 32768, "max_position_embeddings"));
  }

  private static DecoderConfig llama(ConfigFile config, Biases biases, int positions)
      throws IOException {
    config.oneOf("hidden_act", "silu", "swish");
    int hidden = config.count(SizeLimits.WIDTH, "hidden_size");
    int heads = config.count(SizeLimits.WIDTH, "num_attention_heads");
    int keyValueHeads = config.count(1, heads, heads, "num_key_value_heads");
    SizeLimits.divisible("num_attention_heads", heads, "num_key_value_heads", keyValueHeads);
    if (config.find("head_dim") == null) {
      SizeLimits.divisible("hidden_size", hidden, "num_attention_heads", heads);
    }
    int headDimension = config.count(2, SizeLimits.WIDTH, hidden / heads, "head_dim");
    SizeLimits.divisible("head_dim", headDimension, "a pair", 2);
    SizeLimits.product(
        "max_position_embeddings", positions, "head_dim", headDimension, SizeLimits.ROTATIONS);
    int layers = config.count(SizeLimits.LAYERS, "num_hidden_layers");
    requireFullAttention(config, layers, positions);
    return checked(
        new DecoderConfig(
            DecoderConfig.Family.LLAMA,
            config.count(SizeLimits.VOCABULARY, "vocab_size"),
            hidden,
            config.count(SizeLimits.WIDTH, "intermediate_size"),
            layers,
            heads,
            keyValueHeads,
            headDimension,
            positions,
            config.positive(1e-6, "rms_norm_eps"),
            RopeFields.read(config, positions),
            biases,
            config.flag(false, "tie_word_embeddings")));
  }

  /* A window that no position is ever behind is none. */
  private static void requireFullAttention(ConfigFile config, int layers, int positions)
      throws IOException {
    int window = config.count(0, Integer.MAX_VALUE, 0, "sliding_window");
    boolean wide = window >= positions;
    int before = config.count(0, Integer.MAX_VALUE, 28, "max_window_layers");
    @Nullable JsonNode types = config.find("layer_types");
    boolean asked =
        config.flag(false, "use_sliding_window") && window > 0 && before < layers && types == null;
    if (asked && !wide) {
      throw new IOException(
          "%s: a sliding attention window of %d (use_sliding_window) is not supported"
              .formatted(config.name(), window));
    }
    if (types == null) {
      return;
    }
    if (!types.isArray() || types.size() != layers) {
      throw new IOException(
          "%s: layer_types must name the attention of each of %d layers (got %s)"
              .formatted(config.name(), layers, shortened(types)));
    }
    for (JsonNode type : types) {
      boolean full = type.isString() && FULL_ATTENTION.equals(type.stringValue());
      if (!full && !(wide && type.isString() && "sliding_attention".equals(type.stringValue()))) {
        throw new IOException(
            "%s: layer_types asks for %s, but only %s is supported"
                .formatted(config.name(), shortened(type), FULL_ATTENTION));
      }
    }
  }

  private static DecoderConfig checked(DecoderConfig config) throws IOException {
    int hidden = config.hiddenSize();
    int intermediate = config.intermediateSize();
    long queries =
        SizeLimits.product(
            "attention heads",
            config.heads(),
            "their width",
            config.headDimension(),
            SizeLimits.WIDTH);
    long keys = (long) config.keyValueHeads() * config.headDimension();
    SizeLimits.product(
        "layers", config.layers(), "their keys and values", 2 * keys, SizeLimits.CACHED);
    long embeddings =
        SizeLimits.product(
            "vocab_size", config.vocabularySize(), "width", hidden, SizeLimits.TENSOR);
    SizeLimits.product(
        "queries, keys and values", queries + 2 * keys, "width", hidden, SizeLimits.TENSOR);
    SizeLimits.product("intermediate_size", intermediate, "width", hidden, SizeLimits.TENSOR);
    long ofLayer = hidden * (2 * queries + 2 * keys) + 3L * hidden * intermediate;
    SizeLimits.product(
        "layers",
        config.layers(),
        "the weights of one",
        ofLayer,
        SizeLimits.WEIGHTS - 2 * embeddings);
    return config;
  }
}
