package dev.diptych.kernel;

import java.util.Objects;

/** The last hidden states of an input, to be read while they are handed over. */
public final class HiddenStates {

  private final long address;
  private final int tokens;
  private final int hidden;

  HiddenStates(long address, int tokens, int hidden) {
    this.address = address;
    this.tokens = tokens;
    this.hidden = hidden;
  }

  /** How many there are. */
  public int tokens() {
    return tokens;
  }

  /** All of them, {@code [tokens, hidden]}. */
  public float[] all() {
    return some(0, tokens);
  }

  /**
   * That of one token, {@code [hidden]}.
   *
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public float[] of(int token) {
    return some(Objects.checkIndex(token, tokens), 1);
  }

  /** The mean of those from a token on, {@code [hidden]}. */
  public float[] mean(int first) {
    return divided(sum(first, false), tokens - first);
  }

  /** Their sum over the square root of their number, {@code [hidden]}. */
  public float[] meanBySquareRoot(int first) {
    return divided(sum(first, false), (float) Math.sqrt(tokens - first));
  }

  /** The mean in which token {@code i} counts {@code i + 1} times, {@code [hidden]}. */
  public float[] weightedMean(int first) {
    long weights = (long) tokens * (tokens + 1) / 2 - (long) first * (first + 1) / 2;
    return divided(sum(first, true), (float) weights);
  }

  /** The largest of each channel, {@code [hidden]}. */
  public float[] largest(int first) {
    float[] largest = of(first);
    float[] state = new float[hidden];
    for (int token = first + 1; token < tokens; token++) {
      copy(token, state);
      for (int i = 0; i < hidden; i++) {
        largest[i] = Math.max(largest[i], state[i]);
      }
    }
    return largest;
  }

  private float[] sum(int first, boolean byPosition) {
    Objects.checkIndex(first, tokens);
    float[] sum = new float[hidden];
    float[] state = new float[hidden];
    for (int token = first; token < tokens; token++) {
      copy(token, state);
      float weight = byPosition ? token + 1 : 1;
      for (int i = 0; i < hidden; i++) {
        sum[i] += weight * state[i];
      }
    }
    return sum;
  }

  private static float[] divided(float[] sum, float divisor) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= divisor;
    }
    return sum;
  }

  private float[] some(int first, int count) {
    float[] states = new float[Math.multiplyExact(count, hidden)];
    copy(first, states);
    return states;
  }

  private void copy(int first, float[] states) {
    Native.copy(address + (long) first * hidden * Float.BYTES, states, 0, states.length);
  }
}
