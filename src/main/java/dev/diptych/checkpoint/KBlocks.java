package dev.diptych.checkpoint;

/** Dequantisers of ggml's K-quants, blocks of 256 on a line; {@link GgmlType} has the layouts. */
final class KBlocks {

  /*
   * Q2_K and Q3_K: each half of 128 elements has 32 bytes of qs; element 32 k + i has its two bits
   * in qs[i] from bit 2 k. Q3_K's third bit is bit s of hmask[i], with s = 0 to 7 over both halves;
   * where it is not set, 4 is subtracted.
   *
   * Q3_K's 16 scales of 6 bits: the low 4 bits of number s are in byte s mod 8, in the low nibble
   * for s < 8; the high 2 bits in byte 8 + s mod 4 from bit 2 (s / 4).
   *
   * Q4_K and Q5_K: 32 bytes of qs serve two sub-blocks of 32, the first in the low nibbles, the
   * second in the high ones; bit s of qh[i] is the fifth bit of element i of sub-block s.
   *
   * Their scales pack eight scales and eight minima of 6 bits. Those of sub-blocks 0-3 are the low 6
   * bits of bytes 0-3 and 4-7; those of 4-7 have their low 4 bits in the nibbles of bytes 8-11 and
   * their high 2 bits on top of bytes 0-3 and 4-7.
   *
   * Q6_K: each half of 128 elements has 64 bytes of ql, 32 of qh and 8 scales; element 32 k + i has
   * its low 4 bits in ql[i + 32 (k mod 2)], low nibble for k < 2, and its high 2 bits in qh[i] from
   * bit 2 k.
   */

  private static final int BLOCK = 256;
  private static final int SUB_BLOCK = 32;
  private static final int SCALED = 16; // elements with a scale of their own in Q2_K, Q3_K, Q6_K

  private KBlocks() {}

  static void q2K(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset + 80);
      float min = PlainFloats.half(source, offset + 82);
      for (int group = 0; group < 16; group++) {
        int scale = source[offset + group];
        float dl = d * (scale & 0xF);
        float ml = min * ((scale >> 4) & 0xF);
        int quants = offset + 16 + group / 8 * 32 + group % 2 * SCALED;
        int shift = group % 8 / 2 * 2;
        int to = at + done + group * SCALED;
        for (int i = 0; i < SCALED; i++) {
          target[to + i] = dl * ((source[quants + i] >> shift) & 3) - ml;
        }
      }
      offset += 84;
    }
  }

  static void q3K(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset + 108);
      for (int group = 0; group < 16; group++) {
        float dl = d * (q3Scale(source, offset + 96, group) - 32);
        int quants = offset + 32 + group / 8 * 32 + group % 2 * SCALED;
        int shift = group % 8 / 2 * 2;
        int high = offset + group % 2 * SCALED;
        int highShift = group / 2;
        int to = at + done + group * SCALED;
        for (int i = 0; i < SCALED; i++) {
          int third = ((source[high + i] >> highShift) & 1) << 2;
          target[to + i] = dl * ((((source[quants + i] >> shift) & 3) | third) - 4);
        }
      }
      offset += 110;
    }
  }

  static void q4K(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset);
      float min = PlainFloats.half(source, offset + 2);
      for (int sub = 0; sub < 8; sub++) {
        float dl = d * scale(source, offset + 4, sub);
        float ml = min * minimum(source, offset + 4, sub);
        int quants = offset + 16 + sub / 2 * SUB_BLOCK;
        int shift = sub % 2 * 4;
        int to = at + done + sub * SUB_BLOCK;
        for (int i = 0; i < SUB_BLOCK; i++) {
          target[to + i] = dl * ((source[quants + i] >> shift) & 0xF) - ml;
        }
      }
      offset += 144;
    }
  }

  static void q5K(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset);
      float min = PlainFloats.half(source, offset + 2);
      for (int sub = 0; sub < 8; sub++) {
        float dl = d * scale(source, offset + 4, sub);
        float ml = min * minimum(source, offset + 4, sub);
        int high = offset + 16;
        int quants = offset + 48 + sub / 2 * SUB_BLOCK;
        int shift = sub % 2 * 4;
        int to = at + done + sub * SUB_BLOCK;
        for (int i = 0; i < SUB_BLOCK; i++) {
          int fifth = ((source[high + i] >> sub) & 1) << 4;
          target[to + i] = dl * (((source[quants + i] >> shift) & 0xF) | fifth) - ml;
        }
      }
      offset += 176;
    }
  }

  static void q6K(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset + 208);
      for (int group = 0; group < 16; group++) {
        int quarter = group % 8 / 2;
        int inQuarter = group % 2 * SCALED;
        float dl = d * source[offset + 192 + group];
        int low = offset + group / 8 * 64 + quarter % 2 * SUB_BLOCK + inQuarter;
        int high = offset + 128 + group / 8 * SUB_BLOCK + inQuarter;
        int lowShift = quarter / 2 * 4;
        int highShift = quarter * 2;
        int to = at + done + group * SCALED;
        for (int i = 0; i < SCALED; i++) {
          int q =
              ((source[low + i] >> lowShift) & 0xF) | (((source[high + i] >> highShift) & 3) << 4);
          target[to + i] = dl * (q - 32);
        }
      }
      offset += 210;
    }
  }

  static void q8K(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.float32(source, offset);
      LegacyBlocks.whole(d, source, offset + 4, target, at + done, BLOCK);
      offset += 292;
    }
  }

  private static int q3Scale(byte[] source, int scales, int group) {
    int low = (source[scales + group % 8] >> (group / 8 * 4)) & 0xF;
    return low | (((source[scales + 8 + group % 4] >> (group / 4 * 2)) & 3) << 4);
  }

  private static int scale(byte[] source, int scales, int sub) {
    if (sub < 4) {
      return source[scales + sub] & 63;
    }
    return (source[scales + sub + 4] & 0xF) | (((source[scales + sub - 4] >> 6) & 3) << 4);
  }

  private static int minimum(byte[] source, int scales, int sub) {
    if (sub < 4) {
      return source[scales + sub + 4] & 63;
    }
    return ((source[scales + sub + 4] >> 4) & 0xF) | (((source[scales + sub] >> 6) & 3) << 4);
  }
}
