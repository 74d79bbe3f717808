package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R10;
import static dev.diptych.kernel.Gpr.R11;
import static dev.diptych.kernel.Gpr.R8;
import static dev.diptych.kernel.Gpr.R9;
import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;
import static dev.diptych.kernel.Gpr.RSP;

import java.lang.foreign.Arena;

/**
 * Attention of one token by the query heads that share a key-value head, over bfloat16 keys and
 * values as products.py keeps them: keys {@code [head_dim, capacity]}, values {@code [capacity,
 * head_dim]}. Everything else is float32.
 */
final class AttentionKernel {

  /** Positions whose scores are computed together; room for scores is a multiple of it. */
  static final int POSITIONS = 32;

  /*
   * Scores first, 32 positions at a time, in memory as [positions / 32, heads, 32], and the largest of
   * each head; then their exponentials and sums; then the values, weighted. Positions behind the last
   * have a score of minus infinity.
   */

  private static final int VECTOR = 64;
  private static final int LANES = 16;
  private static final int REGISTERS = 32;
  private static final int BFLOAT16_SHIFT = 16;
  private static final int KEY_STRIDE_ARGUMENT = 8; // the seventh, behind the return address
  private static final int LENGTH = -8; // kept below the stack pointer
  private static final int SCORES_BYTES = POSITIONS * Float.BYTES; // of a head

  private final int heads;
  private final int headDimension;
  private final MachineCode code;

  /**
   * A kernel for some heads.
   *
   * @param heads at most {@link #mostHeads}
   * @param headDimension a multiple of 16
   */
  AttentionKernel(int heads, int headDimension, Arena arena) {
    this.heads = heads;
    this.headDimension = headDimension;
    Assembler a = new Assembler();
    scores(a);
    softmax(a);
    weightedValues(a);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  int heads() {
    return heads;
  }

  /** Most heads that registers suffice for; 0 if they do not for one. */
  static int mostHeads(int headDimension) {
    int softmax = (REGISTERS - Exponential.REGISTERS - 1) / 2;
    int vectors = headDimension / LANES;
    return Math.min(softmax, (REGISTERS - vectors) / (2 + vectors));
  }

  private static Zmm largest(int head) {
    return new Zmm(head);
  }

  private Zmm sum(int head) {
    return new Zmm(heads + head);
  }

  /* Leaves the largest score of each head in all lanes. */
  private void scores(Assembler a) {
    Zmm[] keys = {new Zmm(28), new Zmm(29)};
    Zmm none = new Zmm(30);
    Zmm score = new Zmm(31);
    a.store(RSP, LENGTH, RCX);
    a.move(R11, R8);
    a.constant(none, Float.NEGATIVE_INFINITY);
    for (int head = 0; head < heads; head++) {
      a.vector(Instruction.VMOVUPS, largest(head), none);
    }
    int block = a.here();
    a.maskFirst(RCX, R10);
    a.move(R10, RSP, KEY_STRIDE_ARGUMENT);
    for (int i = 0; i < 2 * heads; i++) {
      a.zero(new Zmm(heads + i));
    }
    a.move(RAX, RSI);
    for (int d = 0; d < headDimension; d++) {
      for (int half = 0; half < 2; half++) {
        Memory positions = Memory.at(RAX, half * LANES * Short.BYTES);
        a.loadMasked(Instruction.VPMOVZXWD, keys[half], positions, 1 + half);
        a.shiftLeft(keys[half], keys[half], BFLOAT16_SHIFT);
        for (int head = 0; head < heads; head++) {
          Memory query = Memory.each(RDI, (head * headDimension + d) * Float.BYTES);
          a.vector(Instruction.VFMADD231PS, product(head, half), keys[half], query);
        }
      }
      a.add(RAX, R10);
    }
    for (int head = 0; head < heads; head++) {
      for (int half = 0; half < 2; half++) {
        a.vector(Instruction.VMOVUPS, score, none);
        a.moveMasked(score, product(head, half), 1 + half);
        a.vector(Instruction.VMAXPS, largest(head), largest(head), score);
        a.store(R11, head * SCORES_BYTES + half * VECTOR, score);
      }
    }
    a.add(R11, heads * SCORES_BYTES);
    a.add(RSI, POSITIONS * Short.BYTES);
    a.loopBy(RCX, POSITIONS, block);
    for (int head = 0; head < heads; head++) {
      a.combineLanes(Instruction.VMAXPS, largest(head), score);
    }
  }

  private Zmm product(int head, int half) {
    return new Zmm(heads + 2 * head + half);
  }

  /* Replaces scores by their exponentials and leaves each head's sum of them in all lanes. */
  private void softmax(Assembler a) {
    Zmm x = new Zmm(REGISTERS - 1);
    Exponential exponential = new Exponential(a, 2 * heads);
    for (int head = 0; head < heads; head++) {
      a.zero(sum(head));
    }
    a.move(R11, R8);
    a.move(RCX, RSP, LENGTH);
    int block = a.here();
    for (int head = 0; head < heads; head++) {
      for (int half = 0; half < 2; half++) {
        int place = head * SCORES_BYTES + half * VECTOR;
        a.load(x, R11, place);
        a.vector(Instruction.VSUBPS, x, x, largest(head));
        exponential.of(a, x);
        a.vector(Instruction.VADDPS, sum(head), sum(head), x);
        a.store(R11, place, x);
      }
    }
    a.add(R11, heads * SCORES_BYTES);
    a.loopBy(RCX, POSITIONS, block);
    for (int head = 0; head < heads; head++) {
      a.combineLanes(Instruction.VADDPS, sum(head), x);
    }
  }

  private void weightedValues(Assembler a) {
    int vectors = headDimension / LANES;
    int firstMean = 2 * heads;
    int firstValue = firstMean + heads * vectors;
    for (int i = firstMean; i < firstValue; i++) {
      a.zero(new Zmm(i));
    }
    a.move(R11, R8);
    a.move(RCX, RSP, LENGTH);
    int block = a.here();
    a.move(RAX, POSITIONS);
    a.least(RAX, RCX);
    int position = a.here();
    for (int v = 0; v < vectors; v++) {
      Zmm value = new Zmm(firstValue + v);
      a.vector(Instruction.VPMOVZXWD, value, Memory.at(RDX, v * LANES * Short.BYTES));
      a.shiftLeft(value, value, BFLOAT16_SHIFT);
      for (int head = 0; head < heads; head++) {
        Zmm mean = new Zmm(firstMean + head * vectors + v);
        Memory weight = Memory.each(R11, head * SCORES_BYTES);
        a.vector(Instruction.VFMADD231PS, mean, value, weight);
      }
    }
    a.add(RDX, headDimension * Short.BYTES);
    a.add(R11, Float.BYTES);
    a.loop(RAX, position);
    a.add(R11, (heads - 1) * SCORES_BYTES);
    a.loopBy(RCX, POSITIONS, block);
    for (int head = 0; head < heads; head++) {
      for (int v = 0; v < vectors; v++) {
        Zmm mean = new Zmm(firstMean + head * vectors + v);
        a.vector(Instruction.VDIVPS, mean, mean, sum(head));
        a.store(R9, (head * headDimension + v * LANES) * Float.BYTES, mean);
      }
    }
  }

  /**
   * Attends.
   *
   * @param queries scaled, float32, {@code [heads, head_dim]}
   * @param keys of the first position
   * @param values of the first position
   * @param length positions, at least 1
   * @param scores room for {@code heads * length} float32, with length as a multiple of {@link
   *     #POSITIONS}
   * @param output float32, {@code [heads, head_dim]}
   * @param keyStride bytes from one channel of the keys to the next
   */
  void attend(
      long queries, long keys, long values, long length, long scores, long output, long keyStride) {
    code.call(queries, keys, values, length, scores, output, keyStride);
  }
}
