package dev.diptych.model.blueprint;

import java.util.List;

/**
 * What a Transformer consists of.
 *
 * @param family the {@code model_type} of its config.json
 * @param vocabulary rows of the token embeddings, and the bound of token ids
 * @param width of a hidden state
 * @param context most positions that a sequence may have
 * @param layers in their order; layers that share their weights name the same ones
 * @param finalNorm behind the last layer
 */
public record Blueprint(
    String family,
    int vocabulary,
    int width,
    int context,
    Embeddings embeddings,
    List<Layer> layers,
    Norm finalNorm,
    Head head) {

  public Blueprint {
    layers = List.copyOf(layers);
  }

  /** The same network with another head. */
  public Blueprint with(Head other) {
    return new Blueprint(family, vocabulary, width, context, embeddings, layers, finalNorm, other);
  }

  /** Whether every token sees only what is before it. */
  public boolean isCausal() {
    return layers.stream().allMatch(layer -> layer.attention().causal());
  }
}
