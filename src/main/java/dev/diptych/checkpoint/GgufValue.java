package dev.diptych.checkpoint;

import java.util.List;

/** A metadata value of a GGUF file. */
sealed interface GgufValue {

  /** Any of the eight integer types. */
  record Whole(long value) implements GgufValue {}

  /** A float32 or float64; a float32 appears as the number that its shortest decimal form names. */
  record Real(double value) implements GgufValue {}

  record Flag(boolean value) implements GgufValue {}

  record Text(String value) implements GgufValue {}

  /** An array of integers. */
  @SuppressWarnings("ArrayRecordComponent") // handed on as copies
  record Wholes(long[] values) implements GgufValue {}

  /** An array of float32 or float64. */
  @SuppressWarnings("ArrayRecordComponent") // handed on as copies
  record Reals(double[] values) implements GgufValue {}

  record Texts(List<String> values) implements GgufValue {
    public Texts {
      values = List.copyOf(values);
    }
  }

  /** An array of booleans or of arrays. */
  record Sequence(List<GgufValue> values) implements GgufValue {
    public Sequence {
      values = List.copyOf(values);
    }
  }
}
