package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Which precision a setting means on which CPU. */
class PrecisionTests {

  private static TorchRuntime runtime;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  @Test
  void autoIsTheFastestThatKeepsItsQuality() {
    assertThat(decoder(Cpus.zen4())).isEqualTo(Precision.INT8);
    assertThat(encoder(Cpus.zen4())).isEqualTo(Precision.BFLOAT16);
    assertThat(decoder(Cpus.cascadeLake())).isEqualTo(Precision.INT8);
    assertThat(encoder(Cpus.cascadeLake())).isEqualTo(Precision.FLOAT16);
    assertThat(decoder(Cpus.avx2())).isEqualTo(Precision.FLOAT16);
    assertThat(encoder(Cpus.avx2())).isEqualTo(Precision.FLOAT16);
    assertThat(decoder(Cpus.arm())).isEqualTo(Precision.FLOAT32);
    assertThat(decoder(Cpus.x86("sse4_2", "avx"))).isEqualTo(Precision.FLOAT32);
  }

  @Test
  void dotProductsOfAvxVnniAreNotCountedAsFbgemmDoesNotUseThem() {
    assertThat(Cpus.x86("avx2", "avx_vnni").int8DotProduct()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(value = Precision.class, mode = Mode.EXCLUDE, names = "FLOAT32")
  void nothingMultipliesInBfloat16WhereOneDnnRefusesIt(Precision precision) {
    Precision.Kernel kernel = precision.kernel(runtime, Cpus.avx2());
    assertThat(kernel.reducedAttention()).isFalse();
    if (precision != Precision.BFLOAT16) {
      assertThat(kernel.cacheElementBytes()).isEqualTo(Float.BYTES);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "FLOAT16"})
  void aPrecisionWithoutKernelsIsRefused(Precision precision) {
    assertThatThrownBy(() -> Precision.choose(precision.label(), true, runtime, Cpus.arm()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("diptych.models.precision is " + precision.label());
  }

  private static Precision decoder(CpuFeatures cpu) {
    return Precision.choose("auto", true, runtime, cpu);
  }

  private static Precision encoder(CpuFeatures cpu) {
    return Precision.choose("auto", false, runtime, cpu);
  }
}
