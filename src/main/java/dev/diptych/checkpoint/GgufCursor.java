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

  /** Most array elements in the whole file; a vocabulary of 256 000 tokens takes a million. */
  static final long MAX_ARRAY_ELEMENTS = 4_000_000;

  /** Deepest array in an array. */
  static final int MAX_NESTING = 4;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private long position;
  private long arrayElements;

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
    long limit =
        Math.min(MAX_ARRAY_ELEMENTS - arrayElements, bytes.byteSize() - position - Long.BYTES);
    int length = (int) count("the length of " + what, Math.max(limit, 0));
    arrayElements += length;
    List<GgufValue> values = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      values.add(value(what, type, nesting + 1));
    }
    return new GgufValue.Sequence(values);
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
