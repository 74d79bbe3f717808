package dev.diptych.checkpoint;

/** Element types of stored tensors: all that the safetensors format has, under its names. */
public enum ElementType implements TensorType {
  F64(64),
  F32(32),
  F16(16),
  BF16(16),
  F8_E4M3(8),
  F8_E5M2(8),
  F8_E8M0(8),
  F6_E2M3(6),
  F6_E3M2(6),
  F4(4),
  C64(64),
  I64(64),
  I32(32),
  I16(16),
  I8(8),
  U64(64),
  U32(32),
  U16(16),
  U8(8),
  BOOL(8);

  private final int bits;

  ElementType(int bits) {
    this.bits = bits;
  }

  /** Size of one element in bits. */
  int bits() {
    return bits;
  }

  /** Bytes that one element takes, or a part of. */
  public int bytes() {
    return Math.ceilDiv(bits, Byte.SIZE);
  }

  @Override
  public boolean canBeWeights() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }
}
