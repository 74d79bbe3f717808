package dev.diptych.model.blueprint;

import org.jspecify.annotations.Nullable;

/**
 * Attention of tokens to tokens.
 *
 * @param keyValueHeads heads of keys and values; fewer than {@code heads} with grouped-query
 *     attention
 * @param headWidth width of one head
 * @param queryBias whether the layers that make queries, keys and values have a bias
 * @param outputBias whether the layer behind has one
 * @param headNorm of queries and keys, before they rotate; null without
 * @param positions what attention knows of places
 * @param causal whether a token sees only what is before it, and itself
 * @param window how near a token must be to be seen: at a distance below this, on either side
 *     unless causal; 0 for everywhere
 * @param scale of the products of queries and keys
 * @param softcap bound of the scaled products, by a hyperbolic tangent; 0 without
 */
public record Attention(
    int heads,
    int keyValueHeads,
    int headWidth,
    boolean queryBias,
    boolean outputBias,
    @Nullable HeadNorm headNorm,
    Positions positions,
    boolean causal,
    int window,
    double scale,
    double softcap) {

  /**
   * A norm of queries and keys.
   *
   * @param perHead whether each head is normalised by itself, with the same weights, or all as one
   *     row
   */
  public record HeadNorm(Norm norm, boolean perHead) {}

  /** Everywhere, with the usual scale and no bias or norm. */
  public static Attention of(
      int heads, int keyValueHeads, int headWidth, Positions positions, boolean causal) {
    return new Attention(
        heads,
        keyValueHeads,
        headWidth,
        false,
        false,
        null,
        positions,
        causal,
        0,
        1 / Math.sqrt(headWidth),
        0);
  }

  public Attention withBiases(boolean query, boolean output) {
    return new Attention(
        heads,
        keyValueHeads,
        headWidth,
        query,
        output,
        headNorm,
        positions,
        causal,
        window,
        scale,
        softcap);
  }

  public Attention with(@Nullable HeadNorm other) {
    return new Attention(
        heads,
        keyValueHeads,
        headWidth,
        queryBias,
        outputBias,
        other,
        positions,
        causal,
        window,
        scale,
        softcap);
  }

  public Attention with(Positions other) {
    return new Attention(
        heads,
        keyValueHeads,
        headWidth,
        queryBias,
        outputBias,
        headNorm,
        other,
        causal,
        window,
        scale,
        softcap);
  }

  public Attention withWindow(int other) {
    return new Attention(
        heads,
        keyValueHeads,
        headWidth,
        queryBias,
        outputBias,
        headNorm,
        positions,
        causal,
        other,
        scale,
        softcap);
  }

  public Attention withScale(double other) {
    return new Attention(
        heads,
        keyValueHeads,
        headWidth,
        queryBias,
        outputBias,
        headNorm,
        positions,
        causal,
        window,
        other,
        softcap);
  }

  public Attention withSoftcap(double other) {
    return new Attention(
        heads,
        keyValueHeads,
        headWidth,
        queryBias,
        outputBias,
        headNorm,
        positions,
        causal,
        window,
        scale,
        other);
  }

  /** Width of all queries of a token. */
  public int queryWidth() {
    return Math.multiplyExact(heads, headWidth);
  }

  /** Width of all keys of a token, and of all values. */
  public int keyValueWidth() {
    return Math.multiplyExact(keyValueHeads, headWidth);
  }
}
