package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R8;
import static dev.diptych.kernel.Gpr.R9;
import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/**
 * Rotates the queries and the key of a token that share a head, two neighbours as one complex
 * number (RoFormer, Su et al. 2021, arXiv:2104.09864), makes them bfloat16 and caches the key and
 * its value.
 */
final class RotateKernel {

  /*
   * (a, b) becomes (a cos - b sin, b cos + a sin): the values times cosines, each of which stands
   * twice, and swapped neighbours times sines, of which every other is negative. Rounding to bfloat16
   * is to the nearest, the even one of two: half of what is cut off is added, less one, and the last
   * bit that stays.
   */

  private static final int VECTOR = 64;
  private static final int LANES = 16;
  private static final int SWAP_NEIGHBOURS = 0xB1;
  private static final int BFLOAT16_SHIFT = 16;
  private static final int LESS_THAN_HALF = 0x7FFF;

  private static final Zmm X = new Zmm(0);
  private static final Zmm SWAPPED = new Zmm(1);
  private static final Zmm HALF = new Zmm(2);
  private static final Zmm ONE = new Zmm(3);
  private static final Zmm LAST_BIT = new Zmm(4);

  private final MachineCode code;

  /**
   * A kernel.
   *
   * @param shared query heads of a key-value head
   * @param headDimension a multiple of 16
   * @param clearing whether a zero is written behind the value, which must be at an even position
   */
  RotateKernel(int shared, int headDimension, boolean clearing, Arena arena) {
    Assembler a = new Assembler();
    int headBytes = headDimension * Float.BYTES;
    a.constant(HALF, LESS_THAN_HALF);
    a.constant(ONE, 1);
    a.move(RAX, shared);
    int head = a.here();
    for (int i = 0; i < headBytes; i += VECTOR) {
      rotate(a, RDI, i);
      storeRounded(a, RDI, i / 2);
    }
    a.add(RDI, headBytes);
    a.loop(RAX, head);
    for (int i = 0; i < headBytes; i += VECTOR) {
      rotate(a, RSI, i);
      storeRounded(a, RSI, i / 2);
      a.load(X, RDX, i);
      storeRounded(a, RDX, i / 2);
    }
    a.move(RAX, headDimension / 2);
    int pair = a.here();
    a.load32(RCX, RSI, 0);
    a.store32(R8, 0, RCX);
    a.add(RSI, 2 * Short.BYTES);
    a.add(R8, KeyValueCache.pairBytes(KeyValueCache.POSITIONS));
    a.loop(RAX, pair);
    a.move(RAX, headDimension);
    int channel = a.here();
    a.load16(RCX, RDX, 0);
    if (clearing) {
      a.store32(R9, 0, RCX);
    } else {
      a.store16(R9, 0, RCX);
    }
    a.add(RDX, Short.BYTES);
    a.add(R9, 2 * Short.BYTES);
    a.loop(RAX, channel);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  private static void rotate(Assembler a, Gpr base, int displacement) {
    a.load(X, base, displacement);
    a.vector(Instruction.VPERMILPS, SWAPPED, X, SWAP_NEIGHBOURS);
    a.vector(Instruction.VMULPS, X, X, Memory.at(RCX, 2 * displacement));
    a.vector(Instruction.VFMADD231PS, X, SWAPPED, Memory.at(RCX, 2 * displacement + VECTOR));
  }

  private static void storeRounded(Assembler a, Gpr base, int displacement) {
    a.shiftRight(LAST_BIT, X, BFLOAT16_SHIFT);
    a.vector(Instruction.VPANDD, LAST_BIT, LAST_BIT, ONE);
    a.vector(Instruction.VPADDD, X, X, HALF);
    a.vector(Instruction.VPADDD, X, X, LAST_BIT);
    a.shiftRight(X, X, BFLOAT16_SHIFT);
    a.vector(Instruction.VPMOVDW_STORE, X, Memory.at(base, displacement));
  }

  /** Where the cosine of a channel is in a token's angles; its sine is {@link #LANES} behind it. */
  static int cosine(int channel) {
    return channel / LANES * 2 * LANES + channel % LANES;
  }

  /** Where the sine of a channel is, negative for the first of two neighbours. */
  static int sine(int channel) {
    return cosine(channel) + LANES;
  }

  /**
   * Rotates and caches.
   *
   * @param queries float32, {@code [shared, head_dim]}; afterwards bfloat16 at the beginning of
   *     each
   * @param key float32, {@code [head_dim]}; overwritten
   * @param value float32, {@code [head_dim]}; overwritten
   * @param angles float32, {@code [2 * head_dim]}, in the order of {@link #cosine} and {@link
   *     #sine}
   * @param cachedKey where the key's first channels go in a block of {@link KeyValueCache}
   * @param cachedValue where the value's first channel goes there
   */
  void rotate(long queries, long key, long value, long angles, long cachedKey, long cachedValue) {
    code.call(queries, key, value, angles, cachedKey, cachedValue, 0);
  }
}
