package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/**
 * Makes queries, keys and values of a head bfloat16 and lays keys and values out as in a block of
 * {@link KeyValueCache}, two tokens at a time.
 */
final class CacheKernel {

  private static final int VECTOR = 64;
  private static final int UPPER_HALF = 0xFFFF0000;

  private static final Zmm VALUES = new Zmm(5);
  private static final Zmm UPPER = new Zmm(6);

  private final MachineCode code;

  /**
   * A kernel.
   *
   * @param headDimension a multiple of 16
   * @param rowBytes from a token to the next
   */
  CacheKernel(int headDimension, int rowBytes, Arena arena) {
    Assembler a = new Assembler();
    Bfloat16 bfloat16 = new Bfloat16(a);
    a.constant(UPPER, UPPER_HALF);
    int key = rowBytes / 3;
    int value = 2 * key;
    int headBytes = headDimension * Float.BYTES;
    int pair = a.here();
    for (int row = 0; row < 2; row++) {
      int first = row * rowBytes;
      for (int i = 0; i < headBytes; i += VECTOR) {
        a.load(Bfloat16.X, RDI, first + i);
        bfloat16.store(a, RDI, first + i / 2);
        a.load(Bfloat16.X, RDI, first + key + i);
        bfloat16.store(a, RDI, first + key + i / 2);
      }
      for (int channels = 0; channels < headDimension / 2; channels++) {
        a.load32(RAX, RDI, first + key + channels * 2 * Short.BYTES);
        int place = channels * KeyValueCache.pairBytes(KeyValueCache.POSITIONS);
        a.store32(RSI, place + row * 2 * Short.BYTES, RAX);
      }
    }
    for (int i = 0; i < headBytes; i += VECTOR) {
      a.load(Bfloat16.X, RDI, value + i);
      bfloat16.round(a);
      a.shiftRight(VALUES, Bfloat16.X, Short.SIZE);
      a.load(Bfloat16.X, RDI, rowBytes + value + i);
      bfloat16.round(a);
      a.vector(Instruction.VPANDD, Bfloat16.X, Bfloat16.X, UPPER);
      a.vector(Instruction.VPORD, VALUES, VALUES, Bfloat16.X);
      a.store(RDX, i, VALUES);
    }
    a.add(RDI, 2 * rowBytes);
    a.add(RSI, 2 * 2 * Short.BYTES);
    a.add(RDX, KeyValueCache.pairBytes(headDimension));
    a.loop(RCX, pair);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /**
   * Converts and copies.
   *
   * @param rows queries of the first token, float32, behind which keys and values lie a third and
   *     two thirds of a row further; the queries become bfloat16 at the beginning of their place
   * @param key where the first token's key goes in a block
   * @param value where its value goes
   * @param pairs of tokens, at least 1 and no more than the block has room for
   */
  void apply(long rows, long key, long value, long pairs) {
    code.call(rows, key, value, pairs, 0, 0, 0);
  }
}
