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
    return new EncoderFields(
        config.text("", "model_type"),
        config.count(SizeLimits.VOCABULARY, "vocab_size"),
        config.count(SizeLimits.WIDTH, "hidden_size"),
        config.count(SizeLimits.WIDTH, "intermediate_size"),
        config.count(SizeLimits.LAYERS, "num_hidden_layers"),
        config.count(SizeLimits.WIDTH, "num_attention_heads"),
        config.count(1, SizeLimits.LEARNED_POSITIONS, 512, "max_position_embeddings"),
        new Norm.LayerNorm(config.positive(1e-12, "layer_norm_eps"), true),
        config.flag(true, "tie_word_embeddings"));
  }

  /** Attention that looks both ways, with all biases. */
  Attention attention(Positions known) throws IOException {
    SizeLimits.divisible("hidden size", width, "attention heads", heads);
    return Attention.of(heads, heads, width / heads, known, false).withBiases(true, true);
  }

  /** A feed-forward part with all biases. */
  FeedForward feedForward(Activation activation) {
    return new FeedForward(feedForward, false, activation, true, true);
  }

  /** Layers as BERT's, whose norms come behind each sum. */
  Blueprint blueprint(
      Embeddings embeddings, Attention attention, FeedForward feedForward, Head head) {
    List<Layer> all =
        IntStream.range(0, layers)
            .mapToObj(
                layer ->
                    Layer.of(
                        layer,
                        attention,
                        Residual.behind(norm),
                        feedForward,
                        Residual.behind(norm)))
            .toList();
    return new Blueprint(
        family,
        vocabulary,
        width,
        positions - embeddings.firstPosition(),
        embeddings,
        all,
        new Norm.None(),
        head);
  }
}
