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
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;

/** A small Llama with random weights, of a shape that dev.diptych.kernel can compute. */
final class RandomLlama {

  static final int VOCABULARY = 505;

  private RandomLlama() {}

  static Blueprint blueprint(int heads, int keyValueHeads) {
    return blueprint(heads, keyValueHeads, false, true);
  }

  /**
   * A blueprint.
   *
   * @param biases whether it has those of a Qwen2
   * @param tied whether its output layer is the embeddings
   */
  static Blueprint blueprint(int heads, int keyValueHeads, boolean biases, boolean tied) {
    Norm norm = new Norm.RootMeanSquare(1e-5);
    Attention attention =
        Attention.of(
                heads,
                keyValueHeads,
                16,
                new Positions.Rotary(new RotaryEmbedding(16, 10_000, null)),
                true)
            .withBiases(biases, false);
    FeedForward feedForward = new FeedForward(96, true, Activation.SILU, false, false);
    return new Blueprint(
        "llama",
        VOCABULARY,
        48,
        256,
        Embeddings.ofTokens(48),
        IntStream.range(0, 4)
            .mapToObj(
                layer ->
                    Layer.of(
                        layer,
                        attention,
                        Residual.before(norm),
                        feedForward,
                        Residual.before(norm)))
            .toList(),
        norm,
        new Head.LanguageModel(tied));
  }

  /** Writes the checkpoint into a folder. */
  static Path write(Path folder, Blueprint blueprint) throws IOException {
    return write(folder, blueprint, new Random(11));
  }

  static Path write(Path folder, Blueprint blueprint, Random random) throws IOException {
    RandomWeights.write(folder, blueprint, random);
    return folder;
  }
}
