package dev.diptych.kernel;

/**
 * Vector instructions with their encodings, from the Intel 64 and IA-32 Architectures Software
 * Developer's Manual, volume 2. All work on 512 bits.
 */
enum Instruction {
  VMOVUPS(Map.MAP_0F, 0, 0x10),
  VMOVUPS_STORE(Map.MAP_0F, 0, 0x11),
  /** The lowest 32 bits. */
  VMOVSS_STORE(Map.MAP_0F, 2, 0x11),
  VBROADCASTSS(Map.MAP_0F38, 1, 0x18),
  VPBROADCASTD_GPR(Map.MAP_0F38, 1, 0x7C),
  VADDPS(Map.MAP_0F, 0, 0x58),
  VSUBPS(Map.MAP_0F, 0, 0x5C),
  VMULPS(Map.MAP_0F, 0, 0x59),
  VDIVPS(Map.MAP_0F, 0, 0x5E),
  VMAXPS(Map.MAP_0F, 0, 0x5F),
  VMINPS(Map.MAP_0F, 0, 0x5D),
  VSQRTPS(Map.MAP_0F, 0, 0x51),
  /** a = b · c + a. */
  VFMADD231PS(Map.MAP_0F38, 1, 0xB8),
  /** a = a · b + c. */
  VFMADD213PS(Map.MAP_0F38, 1, 0xA8),
  /** a = a · b - c. */
  VFMSUB213PS(Map.MAP_0F38, 1, 0xAA),
  /** To the nearest multiple of a power of two; the immediate 0 rounds to whole numbers. */
  VRNDSCALEPS(Map.MAP_0F3A, 1, 0x08),
  /** b times 2 to the c. */
  VSCALEFPS(Map.MAP_0F38, 1, 0x2C),
  /** 16 float16 to float32. */
  VCVTPH2PS(Map.MAP_0F38, 1, 0x13),
  VCVTDQ2PS(Map.MAP_0F, 0, 0x5B),
  VCVTPS2DQ(Map.MAP_0F, 1, 0x5B),
  /** Adds to each of 16 sums the products of four unsigned bytes of b and four signed ones of c. */
  VPDPBUSD(Map.MAP_0F38, 1, 0x50),
  /** Adds to each of 16 sums the products of two bfloat16 of b and of c. */
  VDPBF16PS(Map.MAP_0F38, 2, 0x52),
  VPADDD(Map.MAP_0F, 1, 0xFE),
  /** The larger of signed numbers. */
  VPMAXSD(Map.MAP_0F38, 1, 0x3D),
  VPSUBD(Map.MAP_0F, 1, 0xFA),
  VPANDD(Map.MAP_0F, 1, 0xDB),
  VPORD(Map.MAP_0F, 1, 0xEB),
  VPXORD(Map.MAP_0F, 1, 0xEF),
  /** Stores 16 signed numbers of 32 bits in 8 bits. */
  VPMOVSDB_STORE(Map.MAP_0F38, 2, 0x21),
  /** Stores the lower halves of 16 numbers of 32 bits. */
  VPMOVDW_STORE(Map.MAP_0F38, 2, 0x33),
  /** Picks quarters of b and of c. */
  VSHUFF32X4(Map.MAP_0F3A, 1, 0x23),
  /** Picks lanes within each quarter. */
  VPERMILPS(Map.MAP_0F3A, 1, 0x04),
  /** Picks for each lane of b, by its lowest 4 bits, a lane of c. */
  VPERMPS(Map.MAP_0F38, 1, 0x16);

  /** The opcode map, as the prefix numbers it. */
  enum Map {
    MAP_0F(1),
    MAP_0F38(2),
    MAP_0F3A(3);

    private final int number;

    Map(int number) {
      this.number = number;
    }
  }

  private final Map map;
  private final int prefix;
  private final int opcode;

  Instruction(Map map, int prefix, int opcode) {
    this.map = map;
    this.prefix = prefix;
    this.opcode = opcode;
  }

  int map() {
    return map.number;
  }

  /** 0 for none, 1 for 66, 2 for F3, 3 for F2. */
  int prefix() {
    return prefix;
  }

  int opcode() {
    return opcode;
  }
}
