package dev.diptych.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Tensor types of ggml that can be dequantised. A tensor is a sequence of blocks, and a row always
 * ends with a block.
 *
 * <p>Names and layouts are those of the structs in ggml's {@code ggml-common.h}; all fields are
 * little-endian, {@code half} is an IEEE half, {@code nibbles} has the values of the first half of
 * the elements in the low four bits and those of the second half in the high four bits.
 */
enum GgmlType {

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

  /** {@code bfloat16 x}. */
  BF16(30, 1, 2);

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

  /**
   * Writes elements as float32.
   *
   * @param offset first byte of the first block in {@code source}
   * @param count number of elements, a multiple of {@link #blockElements()}
   */
  void dequantize(MemorySegment source, long offset, float[] target, int at, int count) {
    Block block = block();
    long blockOffset = offset;
    for (int i = at; i < at + count; i += blockElements) {
      block.dequantize(source, blockOffset, target, i);
      blockOffset += blockBytes;
    }
  }

  /** Writes the elements of one block. */
  @FunctionalInterface
  private interface Block {
    void dequantize(MemorySegment source, long offset, float[] target, int at);
  }

  private Block block() {
    return switch (this) {
      case F32 -> PlainFloats::f32;
      case F16 -> PlainFloats::f16;
      case BF16 -> PlainFloats::bf16;
      case Q4_0 -> LegacyBlocks::q4_0;
      case Q4_1 -> LegacyBlocks::q4_1;
      case Q5_0 -> LegacyBlocks::q5_0;
      case Q5_1 -> LegacyBlocks::q5_1;
      case Q8_0 -> LegacyBlocks::q8_0;
      case Q4_K -> KBlocks::q4K;
      case Q5_K -> KBlocks::q5K;
      case Q6_K -> KBlocks::q6K;
    };
  }
}
