package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the values of a GGUF header one after the other, never beyond the file. */
final class GgufCursor {

  /** Longest string in bytes. */
  static final int MAX_STRING_BYTES = 1 << 20;

  /**
   * Most heap that the header may take. A vocabulary of 262 000 tokens with 514 000 merges takes
   * half of it.
   */
  static final long MAX_KEPT_BYTES = 128L << 20;

  /** Deepest array in an array. */
  static final int MAX_NESTING = 4;

  /** What a short string takes on the heap. */
  private static final int STRING_BYTES = 64;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private long position;
  private long kept;

  GgufCursor(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  int int32(String what) throws InvalidCheckpoint {
    return bytes.get(INT, advance(Integer.BYTES, what));
  }

  long int64(String what) throws InvalidCheckpoint {
    return bytes.get(LONG, advance(Long.BYTES, what));
  }

  /** An unsigned 64-bit number of at most {@code limit}. */
  long count(String what, long limit) throws InvalidCheckpoint {
    long count = int64(what);
    if (count < 0 || count > limit) {
      throw invalid(
          "%s is %s; at most %d is possible".formatted(what, Long.toUnsignedString(count), limit));
    }
    return count;
  }

  String string(String what) throws InvalidCheckpoint {
    long limit = Math.min(MAX_STRING_BYTES, bytes.byteSize() - position);
    int length = (int) count("the length of " + what, limit);
    keep(STRING_BYTES + length, what);
    ByteBuffer utf8 = bytes.asSlice(advance(length, what), length).asByteBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidCheckpoint("%s: %s is not UTF-8".formatted(file, what), e);
    }
  }

  /** A metadata value behind its type number. */
  GgufValue value(String key) throws InvalidCheckpoint {
    String what = "the value of " + quote(key);
    return value(what, int32("the type of " + quote(key)), 0);
  }

  /** Passes over the value of a key. */
  void skip(String key) throws InvalidCheckpoint {
    String what = "the value of " + quote(key);
    skip(what, int32("the type of " + quote(key)), 0);
  }

  private void skip(String what, int type, int nesting) throws InvalidCheckpoint {
    switch (type) {
      case 0, 1, 7 -> advance(1, what);
      case 2, 3 -> advance(2, what);
      case 4, 5, 6 -> advance(4, what);
      case 8 -> advance(count("the length of " + what, Long.MAX_VALUE), what);
      case 10, 11, 12 -> advance(8, what);
      case 9 -> {
        if (nesting == MAX_NESTING) {
          throw invalid("%s nests arrays deeper than %d".formatted(what, MAX_NESTING));
        }
        int elementType = int32("the element type of " + what);
        long elements = count("the length of " + what, bytes.byteSize());
        for (long i = 0; i < elements; i++) {
          skip(what, elementType, nesting + 1);
        }
      }
      default -> throw invalid("%s has the unknown type %d".formatted(what, type));
    }
  }

  private GgufValue value(String what, int type, int nesting) throws InvalidCheckpoint {
    return switch (type) {
      case 0 -> new GgufValue.Whole(bytes.get(ValueLayout.JAVA_BYTE, advance(1, what)) & 0xFF);
      case 1 -> new GgufValue.Whole(bytes.get(ValueLayout.JAVA_BYTE, advance(1, what)));
      case 2 -> new GgufValue.Whole(bytes.get(SHORT, advance(2, what)) & 0xFFFF);
      case 3 -> new GgufValue.Whole(bytes.get(SHORT, advance(2, what)));
      case 4 -> new GgufValue.Whole(Integer.toUnsignedLong(int32(what)));
      case 5 -> new GgufValue.Whole(int32(what));
      case 6 -> new GgufValue.Real(shortestDecimal(Float.intBitsToFloat(int32(what))));
      case 7 -> flag(what);
      case 8 -> new GgufValue.Text(string(what));
      case 9 -> sequence(what, nesting);
      case 10 -> new GgufValue.Whole(count(what, Long.MAX_VALUE));
      case 11 -> new GgufValue.Whole(int64(what));
      case 12 -> new GgufValue.Real(Double.longBitsToDouble(int64(what)));
      default -> throw invalid("%s has the unknown type %d".formatted(what, type));
    };
  }

  private GgufValue flag(String what) throws InvalidCheckpoint {
    byte value = bytes.get(ValueLayout.JAVA_BYTE, advance(1, what));
    if (value != 0 && value != 1) {
      throw invalid("%s is the boolean %d; 0 or 1 is expected".formatted(what, value));
    }
    return new GgufValue.Flag(value == 1);
  }

  private GgufValue sequence(String what, int nesting) throws InvalidCheckpoint {
    if (nesting == MAX_NESTING) {
      throw invalid("%s nests arrays deeper than %d".formatted(what, MAX_NESTING));
    }
    int type = int32("the element type of " + what);
    // every element takes at least one byte
    long limit = Math.max(bytes.byteSize() - position - Long.BYTES, 0);
    long elements = count("the length of " + what, limit);
    keep(Math.multiplyExact(elements, Long.BYTES), what);
    int length = (int) elements;
    return switch (type) {
      case 0, 1, 2, 3, 4, 5, 10, 11 -> {
        long[] values = new long[length];
        for (int i = 0; i < length; i++) {
          values[i] = value(what, type, nesting) instanceof GgufValue.Whole(long value) ? value : 0;
        }
        yield new GgufValue.Wholes(values);
      }
      case 6, 12 -> {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
          values[i] =
              value(what, type, nesting) instanceof GgufValue.Real(double value) ? value : 0;
        }
        yield new GgufValue.Reals(values);
      }
      case 8 -> {
        List<String> values = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
          values.add(string(what));
        }
        yield new GgufValue.Texts(values);
      }
      default -> {
        keep(elements * STRING_BYTES, what);
        List<GgufValue> values = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
          values.add(value(what, type, nesting + 1));
        }
        yield new GgufValue.Sequence(values);
      }
    };
  }

  private void keep(long more, String what) throws InvalidCheckpoint {
    kept += more;
    if (kept > MAX_KEPT_BYTES) {
      throw invalid(
          "%s makes the header larger than %d bytes in memory".formatted(what, MAX_KEPT_BYTES));
    }
  }

  private static double shortestDecimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  private long advance(long length, String what) throws InvalidCheckpoint {
    if (length > bytes.byteSize() - position) {
      throw invalid(
          "the file ends at byte %d, in the middle of %s".formatted(bytes.byteSize(), what));
    }
    long start = position;
    position += length;
    return start;
  }

  InvalidCheckpoint invalid(String problem) {
    return new InvalidCheckpoint(file + ": " + problem);
  }
}
