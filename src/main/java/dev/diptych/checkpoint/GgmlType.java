package dev.diptych.checkpoint;

import java.util.Map;
import java.util.Optional;

/**
 * Tensor types of ggml that can be dequantised. A tensor is a sequence of blocks, and a row always
 * ends with a block.
 *
 * <p>Names and layouts are those of the structs in ggml's {@code ggml-common.h}; all fields are
 * little-endian, {@code half} is an IEEE half, {@code nibbles} has the values of the first half of
 * the elements in the low four bits and those of the second half in the high four bits.
 */
enum GgmlType implements TensorType {

  /** {@code float x}. */
  F32(0, 1, 4),

  /** {@code half x}. */
  F16(1, 1, 2),

  /** {@code block_q4_0 := half d, nibbles qs[16]}; x = d (q − 8). */
  Q4_0(2, 32, 18),

  /** {@code block_q4_1 := half d, half m, nibbles qs[16]}; x = d q + m. */
  Q4_1(3, 32, 20),

  /**
   * {@code block_q5_0 := half d, uint32 qh, nibbles qs[16]}; bit i of qh is bit 4 of q; x = d (q −
   * 16).
   */
  Q5_0(6, 32, 22),

  /** {@code block_q5_1 := half d, half m, uint32 qh, nibbles qs[16]}; x = d q + m. */
  Q5_1(7, 32, 24),

  /** {@code block_q8_0 := half d, int8 qs[32]}; x = d q. */
  Q8_0(8, 32, 34),

  /** {@code block_q8_1 := half d, half s, int8 qs[32]}; x = d q. */
  Q8_1(9, 32, 36),

  /**
   * {@code block_q2_K := uint8 scales[16], uint8 qs[64], half d, half dmin}; 16 sub-blocks of 16,
   * each with a scale in the low four bits and a minimum in the high ones; x = d scale q − dmin
   * minimum.
   */
  Q2_K(10, 256, 84),

  /**
   * {@code block_q3_K := uint8 hmask[32], uint8 qs[64], uint8 scales[12], half d}; 16 sub-blocks of
   * 16, each with a 6-bit scale; x = d (scale − 32) (q − 4).
   */
  Q3_K(11, 256, 110),

  /**
   * {@code block_q4_K := half d, half dmin, uint8 scales[12], uint8 qs[128]}; 8 sub-blocks of 32,
   * each with a 6-bit scale and a 6-bit minimum; x = d scale q − dmin minimum.
   */
  Q4_K(12, 256, 144),

  /**
   * {@code block_q5_K := half d, half dmin, uint8 scales[12], uint8 qh[32], uint8 qs[128]}; as Q4_K
   * with a fifth bit.
   */
  Q5_K(13, 256, 176),

  /**
   * {@code block_q6_K := uint8 ql[128], uint8 qh[64], int8 scales[16], half d}; 16 sub-blocks of
   * 16; x = d scale (q − 32).
   */
  Q6_K(14, 256, 210),

  /** {@code block_q8_K := float d, int8 qs[256], int16 sums[16]}; x = d q. */
  Q8_K(15, 256, 292),

  /** {@code block_iq4_nl := half d, nibbles qs[16]}; x = d level[q], of 16 uneven levels. */
  IQ4_NL(20, 32, 18),

  /**
   * {@code block_iq4_xs := half d, uint16 scales_h, uint8 scales_l[4], nibbles qs[8][16]}; 8
   * sub-blocks of 32, each with a scale of 4 low and 2 high bits; x = d (scale − 32) level[q].
   */
  IQ4_XS(23, 256, 136),

  /** {@code bfloat16 x}. */
  BF16(30, 1, 2),

  /**
   * {@code block_mxfp4 := uint8 e, nibbles qs[16]}; x = 2^(e − 128) level[q], of the doubled
   * numbers that four bits of floating point have.
   */
  MXFP4(39, 32, 17);

  /** Types that a file may have and that cannot be dequantised here. */
  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(40, "NVFP4"),
          Map.entry(41, "Q1_0"));

  private final int id;
  private final int blockElements;
  private final int blockBytes;

  GgmlType(int id, int blockElements, int blockBytes) {
    this.id = id;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** The type with that number in a GGUF file. */
  static Optional<GgmlType> of(int id) {
    for (GgmlType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The number of the type in a GGUF file. */
  int id() {
    return id;
  }

  /** Elements per block. */
  int blockElements() {
    return blockElements;
  }

  /** Bytes per block. */
  int blockBytes() {
    return blockBytes;
  }

  /** What a number in a GGUF file is called, where that is known. */
  static String name(int id) {
    return of(id).map(Enum::name).orElse(OTHERS.getOrDefault(id, Integer.toUnsignedString(id)));
  }

  /** The same type under the name that safetensors give it, if they have it. */
  Optional<ElementType> plain() {
    return switch (this) {
      case F32 -> Optional.of(ElementType.F32);
      case F16 -> Optional.of(ElementType.F16);
      case BF16 -> Optional.of(ElementType.BF16);
      default -> Optional.empty();
    };
  }

  @Override
  public boolean canBeWeights() {
    return true;
  }

  /** Bytes of so many elements, which are whole blocks. */
  long bytes(long elements) {
    return elements / blockElements * blockBytes;
  }

  /**
   * Writes elements as float32.
   *
   * @param offset first byte of the first block in {@code source}
   * @param count number of elements, a multiple of {@link #blockElements()}
   */
  void dequantize(byte[] source, int offset, float[] target, int at, int count) {
    switch (this) {
      case F32 -> PlainFloats.f32(source, offset, target, at, count);
      case F16 -> PlainFloats.f16(source, offset, target, at, count);
      case BF16 -> PlainFloats.bf16(source, offset, target, at, count);
      case Q4_0 -> LegacyBlocks.q4_0(source, offset, target, at, count);
      case Q4_1 -> LegacyBlocks.q4_1(source, offset, target, at, count);
      case Q5_0 -> LegacyBlocks.q5_0(source, offset, target, at, count);
      case Q5_1 -> LegacyBlocks.q5_1(source, offset, target, at, count);
      case Q8_0 -> LegacyBlocks.q8_0(source, offset, target, at, count);
      case Q8_1 -> LegacyBlocks.q8_1(source, offset, target, at, count);
      case Q2_K -> KBlocks.q2K(source, offset, target, at, count);
      case Q3_K -> KBlocks.q3K(source, offset, target, at, count);
      case Q4_K -> KBlocks.q4K(source, offset, target, at, count);
      case Q5_K -> KBlocks.q5K(source, offset, target, at, count);
      case Q6_K -> KBlocks.q6K(source, offset, target, at, count);
      case Q8_K -> KBlocks.q8K(source, offset, target, at, count);
      case IQ4_NL -> LevelBlocks.iq4Nl(source, offset, target, at, count);
      case IQ4_XS -> LevelBlocks.iq4Xs(source, offset, target, at, count);
      case MXFP4 -> LevelBlocks.mxfp4(source, offset, target, at, count);
    }
  }
}
