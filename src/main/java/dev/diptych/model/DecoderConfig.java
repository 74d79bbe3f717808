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
    @Nullable RotaryEmbedding rotary)
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
}
