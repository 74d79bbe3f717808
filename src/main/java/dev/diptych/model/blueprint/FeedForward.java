package dev.diptych.model.blueprint;

/**
 * The part of a layer that computes each token by itself: {@code down(activation(up(x)))}, or gated
 * {@code down(activation(gate(x)) * up(x))}.
 *
 * @param width between its linear layers
 * @param upBias whether the layers that widen have a bias
 * @param downBias whether the one that narrows has one
 */
public record FeedForward(
    int width, boolean gated, Activation activation, boolean upBias, boolean downBias) {}
