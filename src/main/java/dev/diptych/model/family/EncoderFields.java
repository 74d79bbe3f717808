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
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The fields that BERT and its relatives have in common.
 *
 * @param width of a hidden state
 * @param feedForward width of the feed-forward part
 * @param positions rows of the table of learned positions
 * @param norm of all layers
 * @param tied whether the masked-language-model head multiplies with the embeddings
 */
record EncoderFields(
    String family,
    int vocabulary,
    int width,
    int feedForward,
    int layers,
    int heads,
    int positions,
    Norm norm,
    boolean tied) {

  /** Reads them as BERT names them. */
  static EncoderFields read(ConfigFile config) throws IOException {
    return read(config, norm(config, 1e-12), 512);
  }

  /**
   * The same with another norm.
   *
   * @param usualPositions where config.json does not say
   */
  static EncoderFields read(ConfigFile config, Norm norm, int usualPositions) throws IOException {
    return new EncoderFields(
        config.text("", "model_type"),
        config.count(SizeLimits.VOCABULARY, "vocab_size"),
        config.count(SizeLimits.WIDTH, "hidden_size"),
        config.count(SizeLimits.WIDTH, "intermediate_size"),
        config.count(SizeLimits.LAYERS, "num_hidden_layers"),
        config.count(SizeLimits.WIDTH, "num_attention_heads"),
        config.count(1, SizeLimits.LEARNED_POSITIONS, usualPositions, "max_position_embeddings"),
        norm,
        config.flag(true, "tie_word_embeddings"));
  }

  /**
   * The norm of BERT and its relatives.
   *
   * @param usualEpsilon where config.json does not say
   */
  static Norm norm(ConfigFile config, double usualEpsilon) throws IOException {
    return new Norm.LayerNorm(config.positive(usualEpsilon, "layer_norm_eps"), true);
  }

  /** Attention that looks both ways, with all biases. */
  Attention attention(Positions known) throws IOException {
    return Attention.of(heads, heads, headWidth(), known, false).withBiases(true, true);
  }

  /** Width of one head. */
  int headWidth() throws IOException {
    SizeLimits.divisible("hidden size", width, "attention heads", heads);
    return width / heads;
  }

  /** A feed-forward part with all biases. */
  FeedForward feedForward(Activation activation) {
    return new FeedForward(feedForward, false, activation, true, true);
  }

  /** A layer as BERT's, whose norms come behind each sum. */
  Layer layer(int weights, Attention attention, FeedForward feedForward) {
    return Layer.of(weights, attention, Residual.behind(norm), feedForward, Residual.behind(norm));
  }

  /** Layers as BERT's, each with its own weights. */
  Blueprint blueprint(
      Embeddings embeddings, Attention attention, FeedForward feedForward, Head head) {
    return blueprint(embeddings, n -> layer(n, attention, feedForward), new Norm.None(), head);
  }

  /** The whole of an encoder whose layers have their own weights each. */
  Blueprint blueprint(Embeddings embeddings, IntFunction<Layer> layer, Norm finalNorm, Head head) {
    return blueprint(
        embeddings, IntStream.range(0, layers).mapToObj(layer).toList(), finalNorm, head);
  }

  /** The whole of an encoder. */
  Blueprint blueprint(Embeddings embeddings, List<Layer> all, Norm finalNorm, Head head) {
    return new Blueprint(
        family,
        vocabulary,
        width,
        positions - embeddings.firstPosition(),
        embeddings,
        all,
        finalNorm,
        head);
  }
}
