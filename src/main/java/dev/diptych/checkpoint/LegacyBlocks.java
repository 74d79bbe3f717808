package dev.diptych.checkpoint;

/** Dequantisers of ggml's blocks of 32 on a line; {@link GgmlType} has the layouts. */
final class LegacyBlocks {

  private static final int HALF_BLOCK = 16;
  private static final int BLOCK = 2 * HALF_BLOCK;

  private LegacyBlocks() {}

  static void q4_0(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset);
      int quants = offset + 2;
      for (int i = 0; i < HALF_BLOCK; i++) {
        int q = source[quants + i];
        target[at + done + i] = d * ((q & 0xF) - 8);
        target[at + done + i + HALF_BLOCK] = d * (((q >> 4) & 0xF) - 8);
      }
      offset += 18;
    }
  }

  static void q4_1(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset);
      float m = PlainFloats.half(source, offset + 2);
      int quants = offset + 4;
      for (int i = 0; i < HALF_BLOCK; i++) {
        int q = source[quants + i];
        target[at + done + i] = d * (q & 0xF) + m;
        target[at + done + i + HALF_BLOCK] = d * ((q >> 4) & 0xF) + m;
      }
      offset += 20;
    }
  }

  static void q5_0(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset);
      int high = PlainFloats.int32(source, offset + 2);
      int quants = offset + 6;
      for (int i = 0; i < HALF_BLOCK; i++) {
        int q = source[quants + i];
        target[at + done + i] = d * (((q & 0xF) | fifthBit(high, i)) - 16);
        target[at + done + i + HALF_BLOCK] =
            d * ((((q >> 4) & 0xF) | fifthBit(high, i + HALF_BLOCK)) - 16);
      }
      offset += 22;
    }
  }

  static void q5_1(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset);
      float m = PlainFloats.half(source, offset + 2);
      int high = PlainFloats.int32(source, offset + 4);
      int quants = offset + 8;
      for (int i = 0; i < HALF_BLOCK; i++) {
        int q = source[quants + i];
        target[at + done + i] = d * ((q & 0xF) | fifthBit(high, i)) + m;
        target[at + done + i + HALF_BLOCK] =
            d * (((q >> 4) & 0xF) | fifthBit(high, i + HALF_BLOCK)) + m;
      }
      offset += 24;
    }
  }

  static void q8_0(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      whole(PlainFloats.half(source, offset), source, offset + 2, target, at + done, BLOCK);
      offset += 34;
    }
  }

  static void q8_1(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      whole(PlainFloats.half(source, offset), source, offset + 4, target, at + done, BLOCK);
      offset += 36;
    }
  }

  /** Writes whole bytes times {@code d}. */
  static void whole(float d, byte[] source, int quants, float[] target, int at, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] = d * source[quants + i];
    }
  }

  private static int fifthBit(int high, int element) {
    return ((high >>> element) & 1) << 4;
  }
}
