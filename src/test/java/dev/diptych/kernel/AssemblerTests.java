package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against the bytes that GNU as makes of the same instructions, with displacements and numbers of
 * 32 bits.
 */
class AssemblerTests {

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void instructionsAreEncodedAsByOtherAssemblers(
      String name, Consumer<Assembler> instruction, String bytes) {
    Assembler assembler = new Assembler();
    instruction.accept(assembler);
    assertThat(HexFormat.ofDelimiter(" ").formatHex(assembler.code())).isEqualTo(bytes);
  }

  static Stream<Arguments> instructionsAreEncodedAsByOtherAssemblers() {
    return Stream.of(
        of(
            "vpdpbusd zmm3, zmm29, dword ptr [r10+576]{1to16}",
            a -> a.vector(Instruction.VPDPBUSD, new Zmm(3), new Zmm(29), Memory.each(Gpr.R10, 576)),
            "62 d2 15 50 50 9a 40 02 00 00"),
        of(
            "vpdpbusd zmm19, zmm9, zmm30",
            a -> a.vector(Instruction.VPDPBUSD, new Zmm(19), new Zmm(9), new Zmm(30)),
            "62 82 35 48 50 de"),
        of(
            "vfmadd231ps zmm31, zmm16, zmm7",
            a -> a.vector(Instruction.VFMADD231PS, new Zmm(31), new Zmm(16), new Zmm(7)),
            "62 62 7d 40 b8 ff"),
        of(
            "vmovups zmm28, zmmword ptr [rdi+64]",
            a -> a.load(new Zmm(28), Gpr.RDI, 64),
            "62 61 7c 48 10 a7 40 00 00 00"),
        of(
            "vmovups zmmword ptr [rsp-128], zmm17",
            a -> a.store(Gpr.RSP, -128, new Zmm(17)),
            "62 e1 7c 48 11 8c 24 80 ff ff ff"),
        of(
            "vpmaxsd zmm0, zmm16, zmm30",
            a -> a.vector(Instruction.VPMAXSD, new Zmm(0), new Zmm(16), new Zmm(30)),
            "62 92 7d 40 3d c6"),
        of(
            "vmovups zmm31{k1}, zmm4",
            a -> a.moveMasked(new Zmm(31), new Zmm(4), 1),
            "62 61 7c 49 10 fc"),
        of(
            "vpslld zmm21, zmm5, 16",
            a -> a.shiftLeft(new Zmm(21), new Zmm(5), 16),
            "62 f1 55 40 72 f5 10"),
        of(
            "vpsrld zmm5, zmm30, 16",
            a -> a.shiftRight(new Zmm(5), new Zmm(30), 16),
            "62 91 55 48 72 d6 10"),
        of(
            "vpermilps zmm18, zmm1, 0xb1",
            a -> a.vector(Instruction.VPERMILPS, new Zmm(18), new Zmm(1), 0xB1),
            "62 e3 7d 48 04 d1 b1"),
        of(
            "vshuff32x4 zmm18, zmm1, zmm2, 0x4e",
            a -> a.vector(Instruction.VSHUFF32X4, new Zmm(18), new Zmm(1), new Zmm(2), 0x4E),
            "62 e3 75 48 23 d2 4e"),
        of(
            "vpermps zmm19, zmm26, zmm7",
            a -> a.vector(Instruction.VPERMPS, new Zmm(19), new Zmm(26), new Zmm(7)),
            "62 e2 2d 40 16 df"),
        of(
            "vfmsub213ps zmm25, zmm21, zmm30",
            a -> a.vector(Instruction.VFMSUB213PS, new Zmm(25), new Zmm(21), new Zmm(30)),
            "62 02 55 40 aa ce"),
        of(
            "vrndscaleps zmm1, zmm20, 0",
            a -> a.vector(Instruction.VRNDSCALEPS, new Zmm(1), new Zmm(20), 0),
            "62 b3 7d 48 08 cc 00"),
        of(
            "vpmovsdb xmmword ptr [rsi+16], zmm17",
            a -> a.vector(Instruction.VPMOVSDB_STORE, new Zmm(17), Memory.at(Gpr.RSI, 16)),
            "62 e2 7e 48 21 8e 10 00 00 00"),
        of(
            "vpmovdw ymmword ptr [r9+32], zmm1",
            a -> a.vector(Instruction.VPMOVDW_STORE, new Zmm(1), Memory.at(Gpr.R9, 32)),
            "62 d2 7e 48 33 89 20 00 00 00"),
        of(
            "mov eax, 0x3fc00000; vpbroadcastd zmm20, eax",
            a -> a.constant(new Zmm(20), 1.5f),
            "b8 00 00 c0 3f 62 e2 7d 48 7c e0"),
        of("mov r10, rsi", a -> a.move(Gpr.R10, Gpr.RSI), "49 89 f2"),
        of("mov r11, 5", a -> a.move(Gpr.R11, 5), "49 c7 c3 05 00 00 00"),
        of(
            "mov r10, qword ptr [rsp+8]",
            a -> a.move(Gpr.R10, Gpr.RSP, 8),
            "4c 8b 94 24 08 00 00 00"),
        of(
            "mov qword ptr [rsp-8], rcx",
            a -> a.store(Gpr.RSP, -8, Gpr.RCX),
            "48 89 8c 24 f8 ff ff ff"),
        of(
            "movzx rcx, word ptr [rsi+2]",
            a -> a.load16(Gpr.RCX, Gpr.RSI, 2),
            "48 0f b7 8e 02 00 00 00"),
        of(
            "mov word ptr [r8+4], cx",
            a -> a.store16(Gpr.R8, 4, Gpr.RCX),
            "66 41 89 88 04 00 00 00"),
        of("cmp r10, r9; cmovg r10, r9", a -> a.least(Gpr.R10, Gpr.R9), "4d 39 ca 4d 0f 4f d1"),
        of("add rax, r10", a -> a.add(Gpr.RAX, Gpr.R10), "4c 01 d0"),
        of("add r11, -4096", a -> a.add(Gpr.R11, -4096), "49 81 c3 00 f0 ff ff"),
        of("prefetcht0 byte ptr [r9+16]", a -> a.prefetch(Gpr.R9, 16), "41 0f 18 89 10 00 00 00"),
        of(
            "mov rax, 32; cmp rax, rcx; cmovg rax, rcx; mov r10, 0; cmp rax, r10; cmovl rax, r10; mov r10, -1; bzhi eax, r10d, eax; kmovd k1, eax; shr eax, 16; kmovd k2, eax",
            a -> a.maskFirst(Gpr.RCX, Gpr.R10),
            "48 c7 c0 20 00 00 00 48 39 c8 48 0f 4f c1 49 c7 c2 00 00 00 00 4c 39 d0 49 0f 4c c2 49 c7 c2 ff ff ff ff c4 c2 78 f5 c2 c5 fb 92 c8 c1 e8 10 c5 fb 92 d0"),
        of(
            "vdpbf16ps zmm9, zmm0, dword ptr [r11+128]{1to16}",
            a -> a.vector(Instruction.VDPBF16PS, new Zmm(9), new Zmm(0), Memory.each(Gpr.R11, 128)),
            "62 52 7e 58 52 8b 80 00 00 00"),
        of("shr rcx, 1", a -> a.halve(Gpr.RCX), "48 d1 e9"),
        of(
            "mov ecx, dword ptr [rsi+8]",
            a -> a.load32(Gpr.RCX, Gpr.RSI, 8),
            "40 8b 8e 08 00 00 00"),
        of(
            "mov dword ptr [r9+8], r10d",
            a -> a.store32(Gpr.R9, 8, Gpr.R10),
            "45 89 91 08 00 00 00"),
        of(
            "prefetcht1 byte ptr [rsi+4096]",
            a -> a.prefetchSecondLevel(Gpr.RSI, 4096),
            "0f 18 96 00 10 00 00"),
        of(
            "1: add rcx, -4096; jg 1b",
            a -> a.loopBy(Gpr.RCX, 4096, a.here()),
            "48 81 c1 00 f0 ff ff 0f 8f f3 ff ff ff"),
        of(
            "1: add r10, -1; jnz 1b",
            a -> a.loop(Gpr.R10, a.here()),
            "49 81 c2 ff ff ff ff 0f 85 f3 ff ff ff"));
  }

  private static Arguments of(String name, Consumer<Assembler> instruction, String bytes) {
    return Arguments.of(name, instruction, bytes);
  }
}
