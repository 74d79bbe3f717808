package dev.diptych.checkpoint;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian floating-point numbers at any offset. */
final class PlainFloats {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private PlainFloats() {}

  static void f32(byte[] source, int offset, float[] target, int at, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] = float32(source, offset + i * Float.BYTES);
    }
  }

  static void f16(byte[] source, int offset, float[] target, int at, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] = half(source, offset + i * Short.BYTES);
    }
  }

  static void bf16(byte[] source, int offset, float[] target, int at, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] = Float.intBitsToFloat(int16(source, offset + i * Short.BYTES) << 16);
    }
  }

  static float float32(byte[] source, int offset) {
    return Float.intBitsToFloat(int32(source, offset));
  }

  static float half(byte[] source, int offset) {
    return Float.float16ToFloat(int16(source, offset));
  }

  static int int32(byte[] source, int offset) {
    return (int) INT.get(source, offset);
  }

  static short int16(byte[] source, int offset) {
    return (short) SHORT.get(source, offset);
  }
}
