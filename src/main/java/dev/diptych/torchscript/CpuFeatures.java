package dev.diptych.torchscript;

import dev.diptych.Platform;
import dev.diptych.kernel.MachineCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Instructions of this CPU that decide which precision is fast.
 *
 * @param avx512 what oneDNN needs to multiply bfloat16 at all, in hardware or not
 * @param bfloat16 dot products of bfloat16 in hardware (AVX512-BF16 or AMX)
 * @param int8DotProduct 8-bit dot products that do not saturate, which FBGEMM has for AVX512-VNNI
 *     only
 * @param amx products of tiles of bfloat16 and of 8-bit integers
 * @param x86 whether FBGEMM's int8 kernels exist for it
 * @param machineCode whether the code that {@link dev.diptych.kernel} makes runs on it, and on
 *     Linux
 * @param bfloat16Products whether that code may multiply bfloat16
 * @param avx2 what FBGEMM needs, as far as the system tells
 */
record CpuFeatures(
    boolean avx512,
    boolean bfloat16,
    boolean int8DotProduct,
    boolean amx,
    boolean x86,
    boolean machineCode,
    boolean bfloat16Products,
    boolean avx2) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static CpuFeatures detect() {
    return detect(Platform.current());
  }

  /** This machine's, where it is a platform of this kind. */
  static CpuFeatures detect(Platform platform) {
    CpuFeatures cpu = of(platform, flags(CPU_INFO));
    return cpu.withMachineCode(cpu.machineCode() && MachineCode.isAllowed());
  }

  /**
   * The CPU of a platform.
   *
   * @param said flags of {@code /proc/cpuinfo}, which an emulated system has of the machine that it
   *     runs on
   */
  static CpuFeatures of(Platform platform, Set<String> said) {
    boolean x86 = platform.isX86();
    Set<String> flags = x86 ? said : Set.of();
    boolean avx512 = flags.containsAll(Set.of("avx512bw", "avx512vl", "avx512dq"));
    return new CpuFeatures(
        avx512,
        flags.contains("avx512_bf16") || flags.contains("amx_bf16"),
        flags.contains("avx512_vnni"),
        flags.contains("amx_int8") && flags.contains("amx_bf16"),
        x86,
        x86 && platform.isLinux() && avx512 && flags.containsAll(Set.of("avx512_vnni", "bmi2")),
        flags.contains("avx512_bf16"),
        avx512 || flags.contains("avx2"));
  }

  CpuFeatures withAmx(boolean there) {
    return new CpuFeatures(
        avx512, bfloat16, int8DotProduct, there, x86, machineCode, bfloat16Products, avx2);
  }

  CpuFeatures withMachineCode(boolean used) {
    return new CpuFeatures(
        avx512, bfloat16, int8DotProduct, amx, x86, used, bfloat16Products, avx2);
  }

  CpuFeatures withBfloat16Products(boolean used) {
    return new CpuFeatures(avx512, bfloat16, int8DotProduct, amx, x86, machineCode, used, avx2);
  }

  /** Empty where the system has no such file, or it tells of a CPU in other words. */
  static Set<String> flags(Path cpuInfo) {
    try (var lines = Files.lines(cpuInfo)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+")))
          .orElse(Set.of());
    } catch (IOException | UncheckedIOException e) {
      return Set.of();
    }
  }
}
