package dev.diptych.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Pull reader for the fields of one protobuf message, never beyond its bytes.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
final class ProtobufReader {

  /** Wire types; groups do not occur. */
  private static final int VARINT = 0;

  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private final Path file;
  private final ByteBuffer bytes;
  private int wireType;

  ProtobufReader(Path file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Steps to the next field; its number, or 0 at the end of the message. */
  int next() throws InvalidCheckpoint {
    if (!bytes.hasRemaining()) {
      return 0;
    }
    long tag = Varint.read(file, bytes);
    wireType = (int) (tag & 7);
    long number = tag >>> 3;
    if (number < 1 || number >= 1 << 29) {
      throw invalid("the field number " + Long.toUnsignedString(number));
    }
    return (int) number;
  }

  long varint() throws InvalidCheckpoint {
    expect(VARINT);
    return Varint.read(file, bytes);
  }

  int fixed32() throws InvalidCheckpoint {
    expect(FIXED32);
    return take(Integer.BYTES).getInt();
  }

  String string() throws InvalidCheckpoint {
    return StandardCharsets.UTF_8.decode(delimited()).toString();
  }

  byte[] bytes() throws InvalidCheckpoint {
    ByteBuffer taken = delimited();
    byte[] copy = new byte[taken.remaining()];
    taken.get(copy);
    return copy;
  }

  ProtobufReader message() throws InvalidCheckpoint {
    return new ProtobufReader(file, delimited());
  }

  void skip() throws InvalidCheckpoint {
    switch (wireType) {
      case VARINT -> {
        long _ = Varint.read(file, bytes);
      }
      case FIXED64 -> take(Long.BYTES);
      case LENGTH_DELIMITED -> delimited();
      case FIXED32 -> take(Integer.BYTES);
      default -> throw invalid("the wire type " + wireType);
    }
  }

  private ByteBuffer delimited() throws InvalidCheckpoint {
    expect(LENGTH_DELIMITED);
    return take(Varint.read(file, bytes));
  }

  private ByteBuffer take(long length) throws InvalidCheckpoint {
    if (length < 0 || length > bytes.remaining()) {
      throw invalid(
          "%s bytes announced where %d are left"
              .formatted(Long.toUnsignedString(length), bytes.remaining()));
    }
    ByteBuffer taken = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return taken;
  }

  private void expect(int expected) throws InvalidCheckpoint {
    if (wireType != expected) {
      throw invalid("the wire type %d where %d is expected".formatted(wireType, expected));
    }
  }

  private InvalidCheckpoint invalid(String problem) {
    return new InvalidCheckpoint("%s: malformed entry: %s".formatted(file, problem));
  }
}
