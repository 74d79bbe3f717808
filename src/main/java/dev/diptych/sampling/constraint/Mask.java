package dev.diptych.sampling.constraint;

import java.util.Arrays;

/** A set of tokens of a vocabulary: those that may come next. */
public final class Mask {

  private final long[] words;
  private final int size;

  Mask(int size) {
    this(new long[Math.ceilDiv(size, Long.SIZE)], size);
  }

  private Mask(long[] words, int size) {
    this.words = words;
    this.size = size;
  }

  void add(int token) {
    words[token >> 6] |= 1L << token;
  }

  Mask copy() {
    return new Mask(words.clone(), size);
  }

  /** Whether the token is one of them. */
  public boolean allows(int token) {
    return token >= 0 && token < size && (words[token >> 6] >>> token & 1) != 0;
  }

  /** How many there are. */
  public int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  long bytes() {
    return (long) words.length * Long.BYTES;
  }

  /** Makes all other tokens of the row of logits at {@code offset} impossible. */
  public void apply(float[] logits, int offset) {
    for (int i = 0; i < words.length; i++) {
      long others = ~words[i];
      int first = offset + i * Long.SIZE;
      int count = Math.min(Long.SIZE, size - i * Long.SIZE);
      if (words[i] == 0) {
        Arrays.fill(logits, first, first + count, Float.NEGATIVE_INFINITY);
        continue;
      }
      if (count < Long.SIZE) {
        others &= (1L << count) - 1;
      }
      while (others != 0) {
        logits[first + Long.numberOfTrailingZeros(others)] = Float.NEGATIVE_INFINITY;
        others &= others - 1;
      }
    }
  }
}
