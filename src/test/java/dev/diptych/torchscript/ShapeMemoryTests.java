package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is kept for shapes that were computed once. */
@EnabledOnOs(OS.LINUX)
class ShapeMemoryTests {

  private static final int FIRST = 33;
  private static final int LAST = 633;

  @Test
  void everNewShapesDoNotTakeEverMoreMemory() throws IOException {
    try (TorchRuntime runtime = TorchRuntime.on("cpu");
        TorchModule module = TorchModule.load(runtime, List.of(ScriptSource.read("many_shapes")))) {
      module.prepare("init", module.arguments()).close();
      attend(module, 12);
      long before = ResidentMemory.bytes();
      attend(module, 13);
      attend(module, 11);
      assertThat(ResidentMemory.bytes() - before).isLessThan(100 << 20);
    }
  }

  private static void attend(TorchModule module, int heads) {
    module.run("attend", module.arguments().integer(heads).integer(FIRST).integer(LAST));
  }
}
