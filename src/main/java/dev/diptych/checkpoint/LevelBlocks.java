package dev.diptych.checkpoint;

/**
 * Dequantisers of ggml's types whose four bits number a level; {@link GgmlType} has the layouts.
 */
final class LevelBlocks {

  /** Of IQ4_NL and IQ4_XS. */
  private static final float[] UNEVEN = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  /** Of MXFP4, doubled: numbers with a sign, two bits of exponent and one of mantissa. */
  private static final float[] FLOAT4 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private static final int HALF_BLOCK = 16;
  private static final int BLOCK = 2 * HALF_BLOCK;

  private LevelBlocks() {}

  static void iq4Nl(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = PlainFloats.half(source, offset);
      block(d, UNEVEN, source, offset + 2, target, at + done);
      offset += 18;
    }
  }

  static void iq4Xs(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += 8 * BLOCK) {
      float d = PlainFloats.half(source, offset);
      int high = PlainFloats.int16(source, offset + 2);
      for (int sub = 0; sub < 8; sub++) {
        int low = (source[offset + 4 + sub / 2] >> (sub % 2 * 4)) & 0xF;
        int scale = (low | (((high >> (2 * sub)) & 3) << 4)) - 32;
        int quants = offset + 8 + sub * HALF_BLOCK;
        block(d * scale, UNEVEN, source, quants, target, at + done + sub * BLOCK);
      }
      offset += 136;
    }
  }

  static void mxfp4(byte[] source, int offset, float[] target, int at, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      float d = halfOfPower(source[offset] & 0xFF);
      block(d, FLOAT4, source, offset + 1, target, at + done);
      offset += 17;
    }
  }

  private static void block(
      float d, float[] levels, byte[] source, int quants, float[] target, int at) {
    for (int i = 0; i < HALF_BLOCK; i++) {
      int q = source[quants + i];
      target[at + i] = d * levels[q & 0xF];
      target[at + i + HALF_BLOCK] = d * levels[(q >> 4) & 0xF];
    }
  }

  /** 2 to the power of {@code exponent - 128}. */
  private static float halfOfPower(int exponent) {
    return Float.intBitsToFloat(exponent < 2 ? 0x200000 << exponent : (exponent - 1) << 23);
  }
}
