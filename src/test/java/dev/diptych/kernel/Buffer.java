package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Native memory for a test, with the numbers that are in it. */
record Buffer(MemorySegment memory) {

  static Buffer ofBytes(Arena arena, long bytes) {
    return new Buffer(arena.allocate(bytes, 64));
  }

  static Buffer ofFloats(Arena arena, int count) {
    return ofBytes(arena, (long) count * Float.BYTES);
  }

  /** Normally distributed numbers. */
  static Buffer random(Arena arena, int count, double deviation, long seed) {
    Buffer buffer = ofFloats(arena, count);
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      buffer.put(i, (float) (deviation * random.nextGaussian()));
    }
    return buffer;
  }

  long address() {
    return memory.address();
  }

  long address(long bytes) {
    return memory.address() + bytes;
  }

  float get(int index) {
    return memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  void put(int index, float value) {
    memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
  }

  int getInt(int index) {
    return memory.getAtIndex(ValueLayout.JAVA_INT, index);
  }

  void putInt(int index, int value) {
    memory.setAtIndex(ValueLayout.JAVA_INT, index, value);
  }

  byte getByte(int index) {
    return memory.get(ValueLayout.JAVA_BYTE, index);
  }

  void putByte(int index, int value) {
    memory.set(ValueLayout.JAVA_BYTE, index, (byte) value);
  }

  /** A number of 16 bits that are the upper half of a float32. */
  float getBfloat16(int index) {
    return Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
  }

  void putBfloat16(int index, float value) {
    memory.setAtIndex(
        ValueLayout.JAVA_SHORT, index, (short) (Float.floatToRawIntBits(value) >> 16));
  }

  void putFloat16(int index, float value) {
    memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(value));
  }
}
