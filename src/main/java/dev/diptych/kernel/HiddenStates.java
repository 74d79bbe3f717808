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

  /** Their mean, {@code [hidden]}. */
  public float[] mean() {
    float[] mean = new float[hidden];
    float[] state = new float[hidden];
    for (int token = 0; token < tokens; token++) {
      copy(token, state);
      for (int i = 0; i < hidden; i++) {
        mean[i] += state[i];
      }
    }
    for (int i = 0; i < hidden; i++) {
      mean[i] /= tokens;
    }
    return mean;
  }

  private float[] some(int first, int count) {
    float[] states = new float[count * hidden];
    copy(first, states);
    return states;
  }

  private void copy(int first, float[] states) {
    Native.copy(address + (long) first * hidden * Float.BYTES, states, 0, states.length);
  }
}
