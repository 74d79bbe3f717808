package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.Platform;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The int8 layers of linear.py, whose kernel depends on the CPU and on the number of rows. */
class Int8LinearTests {

  private static final int OUTPUTS = 96;
  private static final int INPUTS = 160;
  private static final int FBGEMM = 3;
  private static final int FBGEMM_AND_ONEDNN = 4;
  private static final boolean DOT_PRODUCT =
      CpuFeatures.detect(Platform.current()).int8DotProduct();
  private static TorchRuntime runtime;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRowIsTheSameBitForBitBesideAnyNumberOfOthers(boolean bounded) {
    float[] alone = firstRow(FBGEMM, 1, bounded);
    for (int rows : new int[] {2, 15, 16, 17, 64}) {
      assertThat(firstRow(FBGEMM, rows, bounded)).containsExactly(alone);
      if (DOT_PRODUCT) { // without, oneDNN's saturate, and it is not used for them
        assertThat(firstRow(FBGEMM_AND_ONEDNN, rows, bounded)).containsExactly(alone);
      }
    }
  }

  private static float[] firstRow(int kernel, int rows, boolean bounded) {
    try (TorchModule module =
        TorchModule.load(
            runtime,
            List.of(
                ScriptSource.read("int8_rows"),
                ScriptSource.read("linear"),
                ScriptSource.read("onednn")))) {
      module
          .prepare(
              "init",
              module
                  .arguments()
                  .integer(kernel)
                  .integer(OUTPUTS)
                  .integer(INPUTS)
                  .flag(!DOT_PRODUCT))
          .close();
      float[] row = new float[OUTPUTS];
      module.read(row, "first", module.arguments().integer(rows).integer(INPUTS).flag(bounded));
      return row;
    }
  }
}
