package dev.diptych.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Growing bytes, little-endian, for files that tests write by hand. */
final class LittleEndianBytes {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  LittleEndianBytes int8(int value) {
    bytes.write(value);
    return this;
  }

  LittleEndianBytes int16(int value) {
    return int8(value).int8(value >> 8);
  }

  LittleEndianBytes int32(int value) {
    return raw(buffer(4).putInt(value).array());
  }

  LittleEndianBytes int64(long value) {
    return raw(buffer(8).putLong(value).array());
  }

  LittleEndianBytes float32(float value) {
    return int32(Float.floatToRawIntBits(value));
  }

  LittleEndianBytes varint(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      bytes.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    return int8((int) rest);
  }

  /** A string as GGUF stores it. */
  LittleEndianBytes string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return int64(utf8.length).raw(utf8);
  }

  LittleEndianBytes raw(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  LittleEndianBytes pad(int alignment) {
    while (bytes.size() % alignment != 0) {
      bytes.write(0);
    }
    return this;
  }

  int size() {
    return bytes.size();
  }

  byte[] toArray() {
    return bytes.toByteArray();
  }

  static byte[] floats(float... values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  private static ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
