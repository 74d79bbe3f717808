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

  record Sequence(List<GgufValue> values) implements GgufValue {
    public Sequence {
      values = List.copyOf(values);
    }
  }
}
