package dev.diptych.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Dequantisers of ggml's blocks of 32; {@link GgmlType} has the layouts. */
final class LegacyBlocks {

  private static final int HALF_BLOCK = 16;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private LegacyBlocks() {}

  static void q4_0(MemorySegment source, long offset, float[] target, int at) {
    float d = PlainFloats.half(source, offset);
    for (int i = 0; i < HALF_BLOCK; i++) {
      int q = source.get(ValueLayout.JAVA_BYTE, offset + 2 + i);
      target[at + i] = d * ((q & 0xF) - 8);
      target[at + i + HALF_BLOCK] = d * (((q >> 4) & 0xF) - 8);
    }
  }

  static void q4_1(MemorySegment source, long offset, float[] target, int at) {
    float d = PlainFloats.half(source, offset);
    float m = PlainFloats.half(source, offset + 2);
    for (int i = 0; i < HALF_BLOCK; i++) {
      int q = source.get(ValueLayout.JAVA_BYTE, offset + 4 + i);
      target[at + i] = d * (q & 0xF) + m;
      target[at + i + HALF_BLOCK] = d * ((q >> 4) & 0xF) + m;
    }
  }

  static void q5_0(MemorySegment source, long offset, float[] target, int at) {
    float d = PlainFloats.half(source, offset);
    int high = source.get(INT, offset + 2);
    for (int i = 0; i < HALF_BLOCK; i++) {
      int q = source.get(ValueLayout.JAVA_BYTE, offset + 6 + i);
      target[at + i] = d * (((q & 0xF) | fifthBit(high, i)) - 16);
      target[at + i + HALF_BLOCK] = d * ((((q >> 4) & 0xF) | fifthBit(high, i + HALF_BLOCK)) - 16);
    }
  }

  static void q5_1(MemorySegment source, long offset, float[] target, int at) {
    float d = PlainFloats.half(source, offset);
    float m = PlainFloats.half(source, offset + 2);
    int high = source.get(INT, offset + 4);
    for (int i = 0; i < HALF_BLOCK; i++) {
      int q = source.get(ValueLayout.JAVA_BYTE, offset + 8 + i);
      target[at + i] = d * ((q & 0xF) | fifthBit(high, i)) + m;
      target[at + i + HALF_BLOCK] = d * (((q >> 4) & 0xF) | fifthBit(high, i + HALF_BLOCK)) + m;
    }
  }

  static void q8_0(MemorySegment source, long offset, float[] target, int at) {
    float d = PlainFloats.half(source, offset);
    for (int i = 0; i < 2 * HALF_BLOCK; i++) {
      target[at + i] = d * source.get(ValueLayout.JAVA_BYTE, offset + 2 + i);
    }
  }

  private static int fifthBit(int high, int element) {
    return ((high >>> element) & 1) << 4;
  }
}
