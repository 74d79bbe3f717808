package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kernels compute of a vector or two within their registers. */
@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class VectorFunctionsTests {

  private static final int VECTOR = 64;
  private static final Zmm FIRST = new Zmm(0);
  private static final Zmm SECOND = new Zmm(1);
  private static final int FREE_REGISTERS = 2;

  @Test
  void geluIsThatOfTheNormalDistribution() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer values = Buffer.ofFloats(arena, 4096);
      for (int i = 0; i < 4096; i++) {
        values.put(i, (i - 2048) / 256f);
      }
      Assembler a = new Assembler();
      Gelu gelu = new Gelu(a, FREE_REGISTERS);
      apply(a, List.of(FIRST), () -> gelu.of(a, FIRST), values, arena);
      for (int i = 0; i < 4096; i++) {
        double x = (i - 2048) / 256.0;
        assertThat((double) values.get(i)).isCloseTo(x * normal(x), Offset.offset(1e-5));
      }
    }
  }

  /* The distribution function of the normal distribution, by Simpson's rule from 0. */
  private static double normal(double x) {
    int steps = 2000;
    double width = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double at = i * width;
      int weight = i == 0 || i == steps ? 1 : 2 + 2 * (i % 2);
      sum += weight * Math.exp(-at * at / 2);
    }
    return 0.5 + sum * width / 3 / Math.sqrt(2 * Math.PI);
  }

  @Test
  void geluOfExtremesIsTheirLimitAndOfNoNumberNone() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer values = Buffer.ofFloats(arena, 32);
      values.put(0, 1e30f);
      values.put(1, -1e30f);
      values.put(2, Float.POSITIVE_INFINITY);
      values.put(3, Float.NaN);
      Assembler a = new Assembler();
      Gelu gelu = new Gelu(a, FREE_REGISTERS);
      apply(a, List.of(FIRST), () -> gelu.of(a, FIRST), values, arena);
      assertThat(values.get(0)).isEqualTo(1e30f);
      assertThat(values.get(1)).isZero();
      assertThat(values.get(2)).isEqualTo(Float.POSITIVE_INFINITY);
      assertThat(values.get(3)).isNaN();
    }
  }

  @Test
  void theExponentialIsRightToSomeDigits() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer values = Buffer.ofFloats(arena, 4096);
      for (int i = 0; i < 4096; i++) {
        values.put(i, (i - 2048) / 100f);
      }
      Assembler a = new Assembler();
      Exponential exponential = new Exponential(a, FREE_REGISTERS);
      apply(a, List.of(FIRST), () -> exponential.of(a, FIRST), values, arena);
      for (int i = 0; i < 4096; i++) {
        float x = (i - 2048) / 100f;
        double error = values.get(i) / Math.exp(x) - 1;
        assertThat(error).isCloseTo(0, Offset.offset(3e-7 + 6e-8 * Math.abs(x)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-1e30f, -1e5f, -200f})
  void theExponentialOfWhatIsFarBelowZeroIsZero(float x) {
    try (Arena arena = Arena.ofConfined()) {
      Buffer values = Buffer.ofFloats(arena, 32);
      values.put(0, x);
      values.put(1, -x);
      Assembler a = new Assembler();
      Exponential exponential = new Exponential(a, FREE_REGISTERS);
      apply(a, List.of(FIRST), () -> exponential.of(a, FIRST), values, arena);
      assertThat(values.get(0)).isZero();
      assertThat(values.get(1)).isEqualTo(Float.POSITIVE_INFINITY);
    }
  }

  @Test
  void everyValueIsSpreadOverItsBlockByAHadamardMatrix() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer values = Buffer.random(arena, 96, 1, 1);
      Buffer before = Buffer.random(arena, 96, 1, 1);
      Assembler a = new Assembler();
      Spread spread = new Spread(FREE_REGISTERS);
      spread.prepare(a);
      apply(a, List.of(FIRST, SECOND), () -> spread.block(a, FIRST, SECOND), values, arena);
      for (int i = 0; i < 96; i++) {
        double expected = 0;
        for (int k = 0; k < 32; k++) {
          int sign = Integer.bitCount(i % 32 & k) % 2 == 0 ? 1 : -1;
          expected += sign * before.get(i / 32 * 32 + k);
        }
        assertThat((double) values.get(i)).isCloseTo(expected, Offset.offset(1e-5));
      }
    }
  }

  /* In place, some vectors at a time. */
  private static void apply(
      Assembler a, List<Zmm> vectors, Runnable function, Buffer values, Arena arena) {
    int next = a.here();
    for (int i = 0; i < vectors.size(); i++) {
      a.load(vectors.get(i), Gpr.RDI, i * VECTOR);
    }
    function.run();
    for (int i = 0; i < vectors.size(); i++) {
      a.store(Gpr.RDI, i * VECTOR, vectors.get(i));
    }
    a.add(Gpr.RDI, vectors.size() * VECTOR);
    a.loopBy(Gpr.RSI, vectors.size() * VECTOR, next);
    a.ret();
    MachineCode.of(a, arena).call(values.address(), values.memory().byteSize(), 0, 0, 0, 0, 0);
  }
}
