package dev.diptych.torchscript;

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
import java.util.stream.IntStream;

/** A small BERT, of a shape that dev.diptych.kernel can compute. */
final class RandomBert {

  private static final int WIDTH = 64;

  private RandomBert() {}

  static Blueprint blueprint(int heads, boolean masked) {
    Norm norm = new Norm.LayerNorm(1e-12, true);
    Attention attention =
        Attention.of(heads, heads, WIDTH / heads, new Positions.None(), false)
            .withBiases(true, true);
    FeedForward feedForward = new FeedForward(96, false, Activation.GELU, true, true);
    Head.Transform transform = new Head.Transform(WIDTH, true, Activation.GELU, norm);
    return new Blueprint(
        "bert",
        505,
        WIDTH,
        210,
        new Embeddings(WIDTH, 210, 0, 2, norm, 1),
        IntStream.range(0, 3)
            .mapToObj(
                layer ->
                    Layer.of(
                        layer,
                        attention,
                        Residual.behind(norm),
                        feedForward,
                        Residual.behind(norm)))
            .toList(),
        new Norm.None(),
        masked ? new Head.MaskedLanguageModel(true, transform, true) : new Head.None());
  }
}
