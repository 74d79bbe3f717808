package dev.diptych.model.blueprint;

/**
 * Attention and a feed-forward part, each added to the stream of hidden states.
 *
 * @param weights number of the layer whose weights it has
 * @param parallel whether both parts read the same stream; the feed-forward part then reads what
 *     attention reads, unless it has a norm of its own before it
 */
public record Layer(
    int weights,
    Attention attention,
    Residual aroundAttention,
    FeedForward feedForward,
    Residual aroundFeedForward,
    boolean parallel) {

  /** Attention first, whose sum the feed-forward part reads. */
  public static Layer of(
      int weights,
      Attention attention,
      Residual aroundAttention,
      FeedForward feedForward,
      Residual aroundFeedForward) {
    return new Layer(weights, attention, aroundAttention, feedForward, aroundFeedForward, false);
  }
}
