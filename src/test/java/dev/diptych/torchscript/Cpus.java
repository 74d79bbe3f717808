package dev.diptych.torchscript;

import dev.diptych.Platform;
import dev.diptych.Platforms;
import java.util.Set;
import java.util.stream.Stream;

/** Kinds of CPU whose choices of kernels the tests go through. */
final class Cpus {

  private static final Set<String> AVX512 = Set.of("avx512bw", "avx512vl", "avx512dq");

  private Cpus() {}

  /** Those whose kernels run on this CPU. */
  static Stream<CpuFeatures> here() {
    CpuFeatures cpu = CpuFeatures.detect(Platform.current());
    CpuFeatures plain = cpu.withMachineCode(false);
    return cpu.avx512()
        ? Stream.of(cpu, plain.withAmx(false), plain.withAmx(true), avx2())
        : Stream.of(cpu);
  }

  /** What most desktop CPUs and AMD's servers up to Zen 3 are. */
  static CpuFeatures avx2() {
    return x86("avx2");
  }

  /** Intel's first with 8-bit dot products. */
  static CpuFeatures cascadeLake() {
    return avx512("avx512_vnni");
  }

  /** AMD's from Zen 4 on. */
  static CpuFeatures zen4() {
    return avx512("avx512_vnni", "avx512_bf16");
  }

  static CpuFeatures arm() {
    return CpuFeatures.of(Platforms.LINUX_ON_ARM, Set.of());
  }

  static CpuFeatures x86(String... flags) {
    return CpuFeatures.of(Platforms.LINUX, Set.of(flags));
  }

  private static CpuFeatures avx512(String... flags) {
    return x86(Stream.concat(AVX512.stream(), Stream.of(flags)).toArray(String[]::new));
  }
}
