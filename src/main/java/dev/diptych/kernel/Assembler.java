package dev.diptych.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes x86-64 machine code, as much of it as the kernels of this package need.
 *
 * <p>Operands are in Intel's order: the target comes first.
 */
final class Assembler {

  /*
   * Vector instructions have the EVEX prefix, whose bits for register numbers are inverted; memory
   * always has a displacement of 32 bits. See Intel's manual, volume 2, section 2.7.
   */

  private static final Zmm NONE = new Zmm(0);
  private static final int ALL_LANES = 0;
  private static final int REX_WIDE = 8; // 64 bits

  private byte[] code = new byte[1024];
  private int size;

  /** The bytes written so far. */
  byte[] code() {
    return Arrays.copyOf(code, size);
  }

  /** Where the next instruction begins: the target of a jump. */
  int here() {
    return size;
  }

  // --- vectors

  void vector(Instruction instruction, Zmm target, Zmm first, Operand second) {
    evex(instruction, target, first, second, ALL_LANES, null);
  }

  void vector(Instruction instruction, Zmm target, Operand source) {
    evex(instruction, target, NONE, source, ALL_LANES, null);
  }

  void vector(Instruction instruction, Zmm target, Operand source, int immediate) {
    evex(instruction, target, NONE, source, ALL_LANES, immediate);
  }

  void vector(Instruction instruction, Zmm target, Zmm first, Operand second, int immediate) {
    evex(instruction, target, first, second, ALL_LANES, immediate);
  }

  /** Changes only the lanes of a mask register, 1 to 7. */
  void moveMasked(Zmm target, Zmm source, int mask) {
    evex(Instruction.VMOVUPS, target, NONE, source, mask, null);
  }

  void zero(Zmm target) {
    vector(Instruction.VPXORD, target, target, target);
  }

  void load(Zmm target, Gpr base, int displacement) {
    vector(Instruction.VMOVUPS, target, Memory.at(base, displacement));
  }

  void store(Gpr base, int displacement, Zmm source) {
    vector(Instruction.VMOVUPS_STORE, source, Memory.at(base, displacement));
  }

  /** The same number in all lanes; overwrites rax. */
  void constant(Zmm target, float value) {
    constant(target, Float.floatToRawIntBits(value));
  }

  /** The same 32 bits in all lanes; overwrites rax. */
  void constant(Zmm target, int bits) {
    bytes(0xB8); // mov eax, imm32
    int32(bits);
    vector(Instruction.VPBROADCASTD_GPR, target, NONE); // the source is register 0: eax
  }

  /** Shifts 32-bit lanes to the left. */
  void shiftLeft(Zmm target, Zmm source, int bits) {
    shift(6, target, source, bits);
  }

  /** Shifts 32-bit lanes to the right; zeros come in. */
  void shiftRight(Zmm target, Zmm source, int bits) {
    shift(2, target, source, bits);
  }

  private void shift(int kind, Zmm target, Zmm source, int bits) {
    prefix(1, 1, kind, target, source, ALL_LANES);
    bytes(0x72, registers(kind, source.number()), bits);
  }

  /**
   * Combines all lanes of a vector into every lane; overwrites another.
   *
   * @param instruction of two operands, such as an addition
   */
  void combineLanes(Instruction instruction, Zmm vector, Zmm other) {
    vector(Instruction.VSHUFF32X4, other, vector, vector, 0x4E);
    vector(instruction, vector, vector, other);
    vector(Instruction.VSHUFF32X4, other, vector, vector, 0xB1);
    vector(instruction, vector, vector, other);
    vector(Instruction.VPERMILPS, other, vector, 0x4E);
    vector(instruction, vector, vector, other);
    vector(Instruction.VPERMILPS, other, vector, 0xB1);
    vector(instruction, vector, vector, other);
  }

  private void evex(
      Instruction instruction,
      Zmm target,
      Zmm first,
      Operand last,
      int maskBits,
      @Nullable Integer immediate) {
    switch (last) {
      case Zmm source -> {
        prefix(instruction.map(), instruction.prefix(), target.number(), first, source, maskBits);
        bytes(instruction.opcode(), registers(target.number(), source.number()));
      }
      case Memory memory -> {
        prefix(
            instruction.map(),
            instruction.prefix(),
            target.number(),
            first,
            new Zmm(memory.base().number()),
            maskBits | (memory.broadcast() ? 0x10 : 0));
        bytes(instruction.opcode());
        address(target.number(), memory.base(), memory.displacement());
      }
    }
    if (immediate != null) {
      bytes(immediate);
    }
  }

  private void prefix(int map, int prefix, int reg, Zmm vvvv, Zmm rm, int maskBits) {
    int first = map;
    first |= inverted(reg, 8) << 7 | inverted(rm.number(), 16) << 6;
    first |= inverted(rm.number(), 8) << 5 | inverted(reg, 16) << 4;
    int second = (~vvvv.number() & 15) << 3 | 4 | prefix;
    int third = maskBits | 0x40 | inverted(vvvv.number(), 16) << 3; // 0x40: 512 bits
    bytes(0x62, first, second, third);
  }

  private static int inverted(int number, int bit) {
    return (number & bit) == 0 ? 1 : 0;
  }

  private void address(int reg, Gpr base, int displacement) {
    bytes(0x80 | ((reg & 7) << 3) | (base.number() & 7));
    if (base == Gpr.RSP) {
      bytes(0x24);
    }
    int32(displacement);
  }

  // --- masks

  /**
   * Makes mask registers 1 and 2 those of the first {@code count} of 32 lanes, which may be more or
   * less than there are; overwrites rax and the other register.
   */
  void maskFirst(Gpr count, Gpr other) {
    move(Gpr.RAX, 32);
    least(Gpr.RAX, count);
    move(other, 0);
    most(Gpr.RAX, other);
    move(other, -1);
    int low = other.number() & 7;
    bytes(0xC4, other.number() < 8 ? 0xE2 : 0xC2, 0x78, 0xF5, 0xC0 | low); // bzhi eax, other, eax
    bytes(0xC5, 0xFB, 0x92, 0xC8); // kmovd k1, eax
    bytes(0xC1, 0xE8, 16); // shr eax, 16
    bytes(0xC5, 0xFB, 0x92, 0xD0); // kmovd k2, eax
  }

  // --- general registers

  void move(Gpr target, Gpr source) {
    twoRegisters(0x89, target, source);
  }

  void move(Gpr target, int value) {
    bytes(rex(0, target.number()), 0xC7, registers(0, target.number()));
    int32(value);
  }

  /** Loads 64 bits. */
  void move(Gpr target, Gpr base, int displacement) {
    bytes(rex(target.number(), base.number()), 0x8B);
    address(target.number(), base, displacement);
  }

  /** Loads 16 bits; the others become zero. */
  void load16(Gpr target, Gpr base, int displacement) {
    bytes(rex(target.number(), base.number()), 0x0F, 0xB7);
    address(target.number(), base, displacement);
  }

  /** Loads 32 bits; the others become zero. */
  void load32(Gpr target, Gpr base, int displacement) {
    bytes(rex(target.number(), base.number()) & ~REX_WIDE, 0x8B);
    address(target.number(), base, displacement);
  }

  /** Stores the lowest 32 bits. */
  void store32(Gpr base, int displacement, Gpr source) {
    bytes(rex(source.number(), base.number()) & ~REX_WIDE, 0x89);
    address(source.number(), base, displacement);
  }

  /** Stores the lowest 16 bits. */
  void store16(Gpr base, int displacement, Gpr source) {
    bytes(0x66, rex(source.number(), base.number()) & ~REX_WIDE, 0x89);
    address(source.number(), base, displacement);
  }

  /** Stores 64 bits. */
  void store(Gpr base, int displacement, Gpr source) {
    bytes(rex(source.number(), base.number()), 0x89);
    address(source.number(), base, displacement);
  }

  /** Makes the target the smaller of two signed numbers. */
  void least(Gpr target, Gpr other) {
    compareAndMove(0x4F, target, other); // cmovg
  }

  /** Makes the target the larger of two signed numbers. */
  void most(Gpr target, Gpr other) {
    compareAndMove(0x4C, target, other); // cmovl
  }

  private void compareAndMove(int condition, Gpr target, Gpr other) {
    twoRegisters(0x39, target, other); // cmp
    bytes(rex(target.number(), other.number()), 0x0F, condition);
    bytes(registers(target.number(), other.number()));
  }

  void add(Gpr target, Gpr source) {
    twoRegisters(0x01, target, source);
  }

  void add(Gpr target, int value) {
    bytes(rex(0, target.number()), 0x81, registers(0, target.number()));
    int32(value);
  }

  /** Divides a number that is not negative by two. */
  void halve(Gpr target) {
    bytes(rex(0, target.number()), 0xD1, registers(5, target.number())); // shr
  }

  /** Subtracts one and jumps back as long as something is left. */
  void loop(Gpr counter, int begin) {
    add(counter, -1);
    jumpBack(0x85, begin); // jnz
  }

  /** Subtracts a number and jumps back as long as more than zero is left. */
  void loopBy(Gpr counter, int step, int begin) {
    add(counter, -step);
    jumpBack(0x8F, begin); // jg
  }

  /** Asks for a cache line early, for the first-level cache. */
  void prefetch(Gpr base, int displacement) {
    prefetch(1, base, displacement); // prefetcht0
  }

  /** Asks for a cache line earlier, for the second-level cache, which can wait for more of them. */
  void prefetchSecondLevel(Gpr base, int displacement) {
    prefetch(2, base, displacement); // prefetcht1
  }

  private void prefetch(int hint, Gpr base, int displacement) {
    if (base.number() >= 8) {
      bytes(0x41);
    }
    bytes(0x0F, 0x18);
    address(hint, base, displacement);
  }

  void ret() {
    bytes(0xC5, 0xF8, 0x77); // vzeroupper, for the SSE code of the caller
    bytes(0xC3);
  }

  private void twoRegisters(int opcode, Gpr target, Gpr source) {
    bytes(rex(source.number(), target.number()), opcode);
    bytes(registers(source.number(), target.number()));
  }

  private static int rex(int reg, int rm) {
    return 0x40 | REX_WIDE | ((reg >> 3) << 2) | (rm >> 3);
  }

  private static int registers(int reg, int rm) {
    return 0xC0 | ((reg & 7) << 3) | (rm & 7);
  }

  private void jumpBack(int condition, int begin) {
    bytes(0x0F, condition);
    int32(begin - (size + Integer.BYTES));
  }

  private void int32(int value) {
    bytes(value, value >> 8, value >> 16, value >> 24);
  }

  private void bytes(int... values) {
    if (size + values.length > code.length) {
      code = Arrays.copyOf(code, 2 * code.length);
    }
    for (int value : values) {
      code[size++] = (byte) value;
    }
  }
}
