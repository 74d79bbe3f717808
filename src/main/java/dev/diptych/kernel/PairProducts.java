package dev.diptych.kernel;

import java.util.List;
import java.util.stream.IntStream;

/** How sums of products of pairs of bfloat16 are computed, with the registers that it takes. */
enum PairProducts {

  /** By the instruction for it (AVX512-BF16). */
  BFLOAT16 {
    @Override
    void prepare(Assembler a) {}

    @Override
    void load(Assembler a, Memory pairs) {
      a.vector(Instruction.VMOVUPS, EVEN, pairs);
    }

    @Override
    void add(Assembler a, Zmm sums, Memory pair) {
      a.vector(Instruction.VDPBF16PS, sums, EVEN, pair);
    }
  },

  /** As float32, to which the first of a pair is shifted and the second is what is left of both. */
  FLOAT32 {
    @Override
    void prepare(Assembler a) {
      a.constant(SECOND, 0xFFFF0000);
    }

    @Override
    void load(Assembler a, Memory pairs) {
      a.vector(Instruction.VMOVUPS, ODD, pairs);
      split(a, EVEN, ODD);
    }

    @Override
    void add(Assembler a, Zmm sums, Memory pair) {
      a.vector(Instruction.VBROADCASTSS, OTHER_ODD, Memory.at(pair.base(), pair.displacement()));
      split(a, OTHER_EVEN, OTHER_ODD);
      a.vector(Instruction.VFMADD231PS, sums, EVEN, OTHER_EVEN);
      a.vector(Instruction.VFMADD231PS, sums, ODD, OTHER_ODD);
    }

    private void split(Assembler a, Zmm even, Zmm odd) {
      a.shiftLeft(even, odd, Short.SIZE);
      a.vector(Instruction.VPANDD, odd, odd, SECOND);
    }
  };

  private static final Zmm EVEN = new Zmm(0);
  private static final Zmm ODD = new Zmm(1);
  private static final Zmm OTHER_EVEN = new Zmm(2);
  private static final Zmm OTHER_ODD = new Zmm(3);
  private static final Zmm SECOND = new Zmm(4);
  private static final int TAKEN = 5;
  private static final int REGISTERS = 32;

  /** Loads constants. */
  abstract void prepare(Assembler a);

  /** Loads 16 pairs. */
  abstract void load(Assembler a, Memory pairs);

  /** Adds to 16 sums the products of the pairs that were loaded with one pair. */
  abstract void add(Assembler a, Zmm sums, Memory pair);

  /** Registers that are left for sums. */
  int registersLeft() {
    return REGISTERS - TAKEN;
  }

  /** The register of this number of those that are left. */
  Zmm register(int number) {
    return new Zmm(TAKEN + number);
  }

  /** The first of the registers that are left. */
  List<Zmm> registers(int count) {
    return IntStream.range(0, count).mapToObj(this::register).toList();
  }
}
