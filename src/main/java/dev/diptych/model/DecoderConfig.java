package dev.diptych.model;

import org.jspecify.annotations.Nullable;

/**
 * A causal language model's shape.
 *
 * @param keyValueHeads heads of keys and values; fewer than {@code heads} with grouped-query
 *     attention
 * @param headDimension width of one head
 * @param contextLength most positions the model was made for
 * @param normEpsilon added to the variance (or mean square) in normalisation
 * @param rotary rotary position embedding; null for learned positions
 * @param biases which linear layers of a Llama have a bias; all of a GPT-2's have
 * @param tied whether the output layer is the embeddings, whatever else a checkpoint stores
 */
public record DecoderConfig(
    Family family,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headDimension,
    int contextLength,
    double normEpsilon,
    @Nullable RotaryEmbedding rotary,
    Biases biases,
    boolean tied)
    implements ModelConfig {

  /** Decoder families with a forward pass of their own. */
  public enum Family {
    /** Learned positions, LayerNorm, one up-projection with gelu. */
    GPT2,
    /**
     * Rotary positions, RMSNorm, gated feed-forward, grouped-query attention. Qwen2 is one with
     * biases.
     */
    LLAMA
  }

  /**
   * Which linear layers have a bias.
   *
   * @param queriesKeysValues those that make queries, keys and values
   * @param attentionOutput the one behind attention
   * @param feedForward all three of the feed-forward part
   */
  public record Biases(boolean queriesKeysValues, boolean attentionOutput, boolean feedForward) {

    public static final Biases NONE = new Biases(false, false, false);
  }

  /** Width of all queries of a token. */
  public int queryWidth() {
    return Math.multiplyExact(heads, headDimension);
  }

  /** Width of all keys of a token, and of all values. */
  public int keyValueWidth() {
    return Math.multiplyExact(keyValueHeads, headDimension);
  }
}
