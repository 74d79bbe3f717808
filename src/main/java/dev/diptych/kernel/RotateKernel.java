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
   * twice, and swapped neighbours times sines, of which every other is negative.
   */

  private static final int VECTOR = 64;
  private static final int LANES = 16;
  private static final int SWAP_NEIGHBOURS = 0xB1;

  private static final Zmm X = Bfloat16.X;
  private static final Zmm SWAPPED = new Zmm(1);

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
    Bfloat16 bfloat16 = new Bfloat16(a);
    a.move(RAX, shared);
    int head = a.here();
    for (int i = 0; i < headBytes; i += VECTOR) {
      rotate(a, RDI, i);
      bfloat16.store(a, RDI, i / 2);
    }
    a.add(RDI, headBytes);
    a.loop(RAX, head);
    for (int i = 0; i < headBytes; i += VECTOR) {
      rotate(a, RSI, i);
      bfloat16.store(a, RSI, i / 2);
      a.load(X, RDX, i);
      bfloat16.store(a, RDX, i / 2);
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
