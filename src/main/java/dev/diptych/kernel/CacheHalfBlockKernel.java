package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;
import static dev.diptych.kernel.Gpr.RSP;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link CacheKernel} does for 16 tokens at once, half of a block; for a CPU that converts to
 * bfloat16 (AVX512-BF16).
 */
final class CacheHalfBlockKernel {

  /** Tokens that it takes. */
  static final int TOKENS = 16;

  /** Channels that a vector has. */
  static final int CHANNELS = 32;

  /*
   * A vector has 16 pairs of channels of a token's key. Of those of 16 tokens a transposition of 16 x
   * 16 pairs makes vectors of 16 tokens: first within quarters, then of quarters.
   */

  private static final int VECTOR = 64;
  private static final int QUARTERS = 4;
  private static final Zmm ORDER = new Zmm(0);
  private static final Zmm X = new Zmm(1);

  private final MachineCode code;

  /**
   * A kernel.
   *
   * @param headDimension a multiple of 32
   * @param rowBytes from a token to the next
   */
  CacheHalfBlockKernel(int headDimension, int rowBytes, Arena arena) {
    Assembler a = new Assembler();
    int key = rowBytes / 3;
    int value = 2 * key;
    for (int vector = 0; vector < headDimension / CHANNELS; vector++) {
      for (int token = 0; token < TOKENS; token++) {
        int from = token * rowBytes + 2 * vector * VECTOR;
        convert(a, X, from, from + VECTOR);
        a.store(RDI, token * rowBytes + vector * VECTOR, X);
      }
    }
    for (int vector = 0; vector < headDimension / CHANNELS; vector++) {
      List<Zmm> rows = registers(0);
      for (int token = 0; token < TOKENS; token++) {
        int from = token * rowBytes + key + 2 * vector * VECTOR;
        convert(a, rows.get(token), from, from + VECTOR);
      }
      transpose(a, rows);
      for (int pair = 0; pair < CHANNELS / 2; pair++) {
        int place = vector * CHANNELS / 2 + pair;
        a.store(RSI, place * KeyValueCache.pairBytes(KeyValueCache.POSITIONS), rows.get(pair));
      }
    }
    loadOrder(a);
    for (int token = 0; token < TOKENS; token += 2) {
      for (int i = 0; i < headDimension * Float.BYTES; i += VECTOR) {
        int from = token * rowBytes + value + i;
        convert(a, X, from, from + rowBytes);
        a.vector(Instruction.VPERMW, X, ORDER, X);
        a.store(RDX, token / 2 * KeyValueCache.pairBytes(headDimension) + i, X);
      }
    }
    a.ret();
    code = MachineCode.of(a, arena);
  }

  private static List<Zmm> registers(int first) {
    List<Zmm> registers = new ArrayList<>();
    for (int i = 0; i < TOKENS; i++) {
      registers.add(new Zmm(first + i));
    }
    return registers;
  }

  private static void convert(Assembler a, Zmm target, int low, int high) {
    a.load(target, RDI, high);
    a.vector(Instruction.VCVTNE2PS2BF16, target, target, Memory.at(RDI, low));
  }

  /* Overwrites all registers; the result is where the rows were. */
  private static void transpose(Assembler a, List<Zmm> rows) {
    List<Zmm> other = registers(TOKENS);
    for (int i = 0; i < TOKENS; i += 2) {
      a.vector(Instruction.VUNPCKLPS, other.get(i), rows.get(i), rows.get(i + 1));
      a.vector(Instruction.VUNPCKHPS, other.get(i + 1), rows.get(i), rows.get(i + 1));
    }
    for (int i = 0; i < TOKENS; i += QUARTERS) {
      for (int half = 0; half < 2; half++) {
        Zmm first = other.get(i + half);
        Zmm second = other.get(i + half + 2);
        a.vector(Instruction.VSHUFPS, rows.get(i + 2 * half), first, second, 0x44);
        a.vector(Instruction.VSHUFPS, rows.get(i + 2 * half + 1), first, second, 0xEE);
      }
    }
    for (int i = 0; i < QUARTERS; i++) {
      for (int half = 0; half < 2; half++) {
        Zmm first = rows.get(2 * half * QUARTERS + i);
        Zmm second = rows.get((2 * half + 1) * QUARTERS + i);
        a.vector(Instruction.VSHUFF32X4, other.get(4 * i + half), first, second, 0x44);
        a.vector(Instruction.VSHUFF32X4, other.get(4 * i + 2 + half), first, second, 0xEE);
      }
    }
    for (int i = 0; i < QUARTERS; i++) {
      for (int half = 0; half < 2; half++) {
        Zmm first = other.get(4 * i + 2 * half);
        Zmm second = other.get(4 * i + 2 * half + 1);
        a.vector(Instruction.VSHUFF32X4, rows.get(2 * half * QUARTERS + i), first, second, 0x88);
        a.vector(
            Instruction.VSHUFF32X4, rows.get((2 * half + 1) * QUARTERS + i), first, second, 0xDD);
      }
    }
  }

  /* Takes numbers of the lower and the upper half in turn; by way of the stack. */
  private static void loadOrder(Assembler a) {
    for (int i = 0; i < CHANNELS / 2; i++) {
      a.move(RAX, (i + CHANNELS / 2) << Short.SIZE | i);
      a.store32(RSP, i * Integer.BYTES - VECTOR, RAX);
    }
    a.load(ORDER, RSP, -VECTOR);
  }

  /**
   * Converts and copies.
   *
   * @param rows queries of the first token, float32, behind which keys and values lie a third and
   *     two thirds of a row further; the queries become bfloat16 at the beginning of their place
   * @param key where the first token's key goes in a block, a multiple of 16 tokens from its
   *     beginning
   * @param value where its value goes
   */
  void apply(long rows, long key, long value) {
    code.call(rows, key, value, 0, 0, 0, 0);
  }
}
