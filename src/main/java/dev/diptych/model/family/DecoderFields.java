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
   * @param usual what Hugging Face's class has where config.json does not say: 0 key-value heads
   *     are as many as heads, a head width of 0 is the width of a state by the heads
   */
  static DecoderFields read(ConfigFile config, DecoderFields usual) throws IOException {
    int width = config.count(1, SizeLimits.WIDTH, usual.width, "hidden_size");
    int heads = config.count(1, SizeLimits.WIDTH, usual.heads, "num_attention_heads");
    boolean asHeads = usual.keyValueHeads == 0 || config.isNull("num_key_value_heads");
    boolean shared = usual.headWidth == 0 || config.isNull("head_dim");
    if (shared && config.find("head_dim") == null) {
      SizeLimits.divisible("hidden_size", width, "num_attention_heads", heads);
    }
    return new DecoderFields(
        config.text(usual.family, "model_type"),
        config.count(1, SizeLimits.VOCABULARY, usual.vocabulary, "vocab_size"),
        width,
        config.count(1, SizeLimits.WIDTH, usual.feedForward, "intermediate_size"),
        config.count(1, SizeLimits.LAYERS, usual.layers, "num_hidden_layers"),
        heads,
        config.count(1, heads, asHeads ? heads : usual.keyValueHeads, "num_key_value_heads"),
        config.count(
            1, SizeLimits.WIDTH, shared ? Math.max(1, width / heads) : usual.headWidth, "head_dim"),
        config.count(1, SizeLimits.POSITIONS, usual.context, "max_position_embeddings"));
  }

  /** The same; a {@code head_dim} that is not the width of a state by the heads is refused. */
  DecoderFields withHeadsOfTheirShare(ConfigFile config) throws IOException {
    int share = width / heads;
    config.count(share, share, share, "head_dim");
    return this;
  }

  /** The norm of all layers, with the epsilon that {@code rms_norm_eps} gives. */
  static Norm rootMeanSquare(ConfigFile config, double usualEpsilon) throws IOException {
    return new Norm.RootMeanSquare(config.positive(usualEpsilon, "rms_norm_eps"));
  }

  /** Causal attention everywhere, with heads that rotate. */
  Attention attention(RotaryEmbedding rotary) {
    return attention(new Positions.Rotary(rotary));
  }

  /** Causal attention everywhere. */
  Attention attention(Positions positions) {
    return Attention.of(heads, keyValueHeads, headWidth, positions, true);
  }

  /** A gated feed-forward part. */
  FeedForward gated(Activation activation, boolean bias) {
    return new FeedForward(feedForward, true, activation, bias, bias);
  }

  /** A feed-forward part of two linear layers. */
  FeedForward plain(Activation activation, boolean bias) {
    return new FeedForward(feedForward, false, activation, bias, bias);
  }

  /**
   * The whole of a decoder. It has no more positions than its rotations are right for.
   *
   * @param layer what layer number {@code n} consists of
   */
  Blueprint blueprint(Embeddings embeddings, IntFunction<Layer> layer, Norm finalNorm, Head head) {
    List<Layer> all = IntStream.range(0, layers).mapToObj(layer).toList();
    int most = all.stream().mapToInt(DecoderFields::positions).min().orElse(context);
    return new Blueprint(
        family, vocabulary, width, Math.min(context, most), embeddings, all, finalNorm, head);
  }

  private static int positions(Layer layer) {
    return layer.attention().positions() instanceof Positions.Rotary(var rotary, var _)
        ? rotary.context()
        : Integer.MAX_VALUE;
  }
}
