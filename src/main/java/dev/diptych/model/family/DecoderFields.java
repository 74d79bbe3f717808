package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The fields that Llama and most decoders since have in common, under the names that Hugging Face's
 * classes give them.
 *
 * @param width of a hidden state
 * @param feedForward width of the feed-forward part
 * @param context most positions
 */
record DecoderFields(
    String family,
    int vocabulary,
    int width,
    int feedForward,
    int layers,
    int heads,
    int keyValueHeads,
    int headWidth,
    int context) {

  /**
   * Reads them.
   *
   * @param defaultContext most positions where config.json does not say
   */
  static DecoderFields read(ConfigFile config, int defaultContext) throws IOException {
    int hidden = config.count(SizeLimits.WIDTH, "hidden_size");
    int heads = config.count(SizeLimits.WIDTH, "num_attention_heads");
    int keyValueHeads = config.count(1, heads, heads, "num_key_value_heads");
    if (config.find("head_dim") == null) {
      SizeLimits.divisible("hidden_size", hidden, "num_attention_heads", heads);
    }
    int headWidth = config.count(1, SizeLimits.WIDTH, Math.max(1, hidden / heads), "head_dim");
    return new DecoderFields(
        config.text("", "model_type"),
        config.count(SizeLimits.VOCABULARY, "vocab_size"),
        hidden,
        config.count(SizeLimits.WIDTH, "intermediate_size"),
        config.count(SizeLimits.LAYERS, "num_hidden_layers"),
        heads,
        keyValueHeads,
        headWidth,
        config.count(1, SizeLimits.POSITIONS, defaultContext, "max_position_embeddings"));
  }

  /** The norm of all layers, with the epsilon that {@code rms_norm_eps} gives. */
  static Norm rootMeanSquare(ConfigFile config) throws IOException {
    return new Norm.RootMeanSquare(config.positive(1e-6, "rms_norm_eps"));
  }

  /** Causal attention everywhere, with heads that rotate. */
  Attention attention(RotaryEmbedding rotary) {
    return Attention.of(heads, keyValueHeads, headWidth, new Positions.Rotary(rotary), true);
  }

  /** A gated feed-forward part. */
  FeedForward gated(Activation activation, boolean bias) {
    return new FeedForward(feedForward, true, activation, bias, bias);
  }

  /**
   * The whole of a decoder.
   *
   * @param layer what layer number {@code n} consists of
   */
  Blueprint blueprint(
      Embeddings embeddings, IntFunction<Layer> layer, Norm finalNorm, Head head) {
    List<Layer> all = IntStream.range(0, layers).mapToObj(layer).toList();
    return new Blueprint(family, vocabulary, width, context, embeddings, all, finalNorm, head);
  }
}
