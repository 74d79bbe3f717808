package dev.diptych.http.embed;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/** The vectors of a text's tokens, each copied out only when it is written. */
final class TokenVectors extends AbstractList<float[]> implements RandomAccess {

  private final float[] states;
  private final int width;

  /**
   * @param states {@code [tokens * width]}, row by row
   */
  TokenVectors(float[] states, int width) {
    this.states = states;
    this.width = width;
  }

  @Override
  public int size() {
    return states.length / width;
  }

  @Override
  public float[] get(int index) {
    return Arrays.copyOfRange(states, index * width, (index + 1) * width);
  }
}
