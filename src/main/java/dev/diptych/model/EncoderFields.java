package dev.diptych.model;

import java.io.IOException;

/** Reads the fields of encoders, with the defaults of Hugging Face's classes. */
final class EncoderFields {

  private static final double DISTILBERT_EPSILON = 1e-12; // which no field says

  private EncoderFields() {}

  static EncoderConfig bert(ConfigFile config) throws IOException {
    return bert(config, EncoderConfig.Family.BERT, 0);
  }

  static EncoderConfig roberta(ConfigFile config) throws IOException {
    int padding = config.count(0, SizeLimits.VOCABULARY, 1, "pad_token_id");
    return bert(config, EncoderConfig.Family.ROBERTA, padding + 1);
  }

  private static EncoderConfig bert(
      ConfigFile config, EncoderConfig.Family family, int firstPosition) throws IOException {
    config.oneOf("hidden_act", "gelu", "gelu_python");
    config.oneOf("position_embedding_type", "absolute");
    config.require("is_decoder", false, "an encoder that looks one way is not supported");
    int hidden = config.count(SizeLimits.WIDTH, "hidden_size");
    config.count(hidden, hidden, hidden, "embedding_size");
    return checked(
        new EncoderConfig(
            family,
            config.count(SizeLimits.VOCABULARY, "vocab_size"),
            hidden,
            config.count(SizeLimits.WIDTH, "intermediate_size"),
            config.count(SizeLimits.LAYERS, "num_hidden_layers"),
            config.count(SizeLimits.WIDTH, "num_attention_heads"),
            config.count(1, SizeLimits.LEARNED_POSITIONS, 512, "max_position_embeddings"),
            firstPosition,
            config.count(1, SizeLimits.SEGMENTS, 2, "type_vocab_size"),
            config.positive(1e-12, "layer_norm_eps"),
            config.flag(true, "tie_word_embeddings")));
  }

  static EncoderConfig distilbert(ConfigFile config) throws IOException {
    config.oneOf("activation", "gelu", "gelu_python");
    return checked(
        new EncoderConfig(
            EncoderConfig.Family.DISTILBERT,
            config.count(SizeLimits.VOCABULARY, "vocab_size"),
            config.count(1, SizeLimits.WIDTH, 768, "dim", "hidden_size"),
            config.count(1, SizeLimits.WIDTH, 4 * 768, "hidden_dim"),
            config.count(1, SizeLimits.LAYERS, 6, "n_layers", "num_hidden_layers"),
            config.count(1, SizeLimits.WIDTH, 12, "n_heads", "num_attention_heads"),
            config.count(1, SizeLimits.LEARNED_POSITIONS, 512, "max_position_embeddings"),
            0,
            0,
            DISTILBERT_EPSILON,
            config.flag(true, "tie_word_embeddings")));
  }

  private static EncoderConfig checked(EncoderConfig config) throws IOException {
    int hidden = config.hiddenSize();
    int intermediate = config.intermediateSize();
    SizeLimits.divisible("hidden size", hidden, "attention heads", config.heads());
    if (config.maxInputTokens() < 1) {
      throw new IOException(
          "config.json: max_position_embeddings %d leaves no room after padding index %d"
              .formatted(config.positions(), config.firstPosition() - 1));
    }
    long embeddings =
        SizeLimits.product(
            "vocab_size", config.vocabularySize(), "width", hidden, SizeLimits.TENSOR);
    SizeLimits.product(
        "max_position_embeddings", config.positions(), "width", hidden, SizeLimits.TENSOR);
    SizeLimits.product("queries, keys and values", 3L * hidden, "width", hidden, SizeLimits.TENSOR);
    SizeLimits.product("intermediate size", intermediate, "width", hidden, SizeLimits.TENSOR);
    SizeLimits.product(
        "layers",
        config.layers(),
        "the weights of one",
        4L * hidden * hidden + 2L * hidden * intermediate,
        SizeLimits.WEIGHTS - 2 * embeddings);
    return config;
  }
}
