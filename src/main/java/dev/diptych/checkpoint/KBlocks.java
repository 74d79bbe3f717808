package dev.diptych.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Dequantisers of ggml's K-quants, blocks of 256; {@link GgmlType} has the layouts. */
final class KBlocks {

  /*
   * Q4_K and Q5_K: 32 bytes of qs serve two sub-blocks of 32, the first in the low nibbles, the
   * second in the high ones; bit s of qh[i] is the fifth bit of element i of sub-block s.
   *
   * scales packs eight scales and eight minima of 6 bits. Those of sub-blocks 0-3 are the low 6 bits
   * of bytes 0-3 and 4-7; those of 4-7 have their low 4 bits in the nibbles of bytes 8-11 and their
   * high 2 bits on top of bytes 0-3 and 4-7.
   *
   * Q6_K: each half of 128 elements has 64 bytes of ql, 32 of qh and 8 scales; element 32 k + i has
   * its low 4 bits in ql[i + 32 (k mod 2)], low nibble for k < 2, and its high 2 bits in qh[i] from
   * bit 2 k.
   */

  private static final int SUB_BLOCK = 32;

  private KBlocks() {}

  static void q4K(MemorySegment source, long offset, float[] target, int at) {
    long scales = offset + 4;
    long low = scales + 12;
    for (int sub = 0; sub < 8; sub++) {
      float d = PlainFloats.half(source, offset) * scale(source, scales, sub);
      float m = PlainFloats.half(source, offset + 2) * minimum(source, scales, sub);
      long quants = low + sub / 2 * (long) SUB_BLOCK;
      int shift = sub % 2 * 4;
      for (int i = 0; i < SUB_BLOCK; i++) {
        int q = (unsigned(source, quants + i) >> shift) & 0xF;
        target[at + sub * SUB_BLOCK + i] = d * q - m;
      }
    }
  }

  static void q5K(MemorySegment source, long offset, float[] target, int at) {
    long scales = offset + 4;
    long high = scales + 12;
    long low = high + SUB_BLOCK;
    for (int sub = 0; sub < 8; sub++) {
      float d = PlainFloats.half(source, offset) * scale(source, scales, sub);
      float m = PlainFloats.half(source, offset + 2) * minimum(source, scales, sub);
      long quants = low + sub / 2 * (long) SUB_BLOCK;
      int shift = sub % 2 * 4;
      for (int i = 0; i < SUB_BLOCK; i++) {
        int fifthBit = ((unsigned(source, high + i) >> sub) & 1) << 4;
        int q = ((unsigned(source, quants + i) >> shift) & 0xF) | fifthBit;
        target[at + sub * SUB_BLOCK + i] = d * q - m;
      }
    }
  }

  static void q6K(MemorySegment source, long offset, float[] target, int at) {
    long high = offset + 128;
    long scales = high + 64;
    float d = PlainFloats.half(source, scales + 16);
    for (int sub = 0; sub < 8; sub++) {
      int half = sub / 4;
      int quarter = sub % 4;
      long lowBits = offset + half * 64L + quarter % 2 * (long) SUB_BLOCK;
      long highBits = high + half * 32L;
      int shift = quarter / 2 * 4;
      for (int i = 0; i < SUB_BLOCK; i++) {
        int q =
            ((unsigned(source, lowBits + i) >> shift) & 0xF)
                | (((unsigned(source, highBits + i) >> (2 * quarter)) & 3) << 4);
        int scale = source.get(ValueLayout.JAVA_BYTE, scales + sub * 2L + i / 16);
        target[at + sub * SUB_BLOCK + i] = d * scale * (q - 32);
      }
    }
  }

  private static int scale(MemorySegment source, long scales, int sub) {
    if (sub < 4) {
      return unsigned(source, scales + sub) & 63;
    }
    return (unsigned(source, scales + sub + 4) & 0xF)
        | ((unsigned(source, scales + sub - 4) >> 6) << 4);
  }

  private static int minimum(MemorySegment source, long scales, int sub) {
    if (sub < 4) {
      return unsigned(source, scales + sub + 4) & 63;
    }
    return (unsigned(source, scales + sub + 4) >> 4) | ((unsigned(source, scales + sub) >> 6) << 4);
  }

  private static int unsigned(MemorySegment source, long offset) {
    return source.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }
}
