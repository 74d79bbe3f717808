package dev.diptych.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian floating-point numbers at any address. */
final class PlainFloats {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PlainFloats() {}

  static void f32(MemorySegment source, long offset, float[] target, int at) {
    target[at] = float32(source, offset);
  }

  static void f16(MemorySegment source, long offset, float[] target, int at) {
    target[at] = half(source, offset);
  }

  static void bf16(MemorySegment source, long offset, float[] target, int at) {
    target[at] = Float.intBitsToFloat(source.get(SHORT, offset) << 16);
  }

  static float float32(MemorySegment source, long offset) {
    return source.get(FLOAT, offset);
  }

  static float half(MemorySegment source, long offset) {
    return Float.float16ToFloat(source.get(SHORT, offset));
  }
}
