package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.diptych.torchscript.MemoryNeed;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryPlanTests {

  private static final long MB = 1L << 20;
  private static final MemoryNeed NEED = new MemoryNeed(500 * MB, 100 * MB, 10_000);

  private static MemoryPlan plan(long megabytes) {
    return new MemoryPlan(() -> OptionalLong.of(megabytes * MB));
  }

  @Test
  void aModelThatFitsGetsTheCacheThatItWants() {
    assertThat(plan(2000).admit("a", NEED, "int8", 2048, 1000 * MB)).isEqualTo(1000 * MB);
  }

  @Test
  void aModelThatDoesNotFitIsRefusedWithNumbers() {
    assertThatIllegalStateException()
        .isThrownBy(() -> plan(400).admit("a", NEED, "float16", 2048, 1000 * MB))
        .withMessageContaining("takes 500 MB for its weights in float16")
        .withMessageContaining("100 MB more while it is loaded")
        .withMessageContaining("only 400 MB of memory are left")
        .withMessageContaining("diptych.models.precision");
  }

  @Test
  void loadingNeedsItsRoomToo() {
    assertThatIllegalStateException()
        .isThrownBy(() -> plan(550).admit("a", NEED, "int8", 2048, 0))
        .withMessageContaining("only 550 MB");
    assertThat(plan(600).admit("a", NEED, "int8", 2048, 0)).isZero();
  }

  @Test
  void theCacheIsWhatIsLeftOfTheMemory() {
    assertThat(plan(800).admit("a", NEED, "int8", 2048, 1000 * MB)).isEqualTo(300 * MB);
  }

  @Test
  void modelsShareTheMemory() {
    MemoryPlan plan = plan(1200);
    plan.admit("a", NEED, "int8", 2048, 50 * MB);

    assertThat(plan.admit("b", NEED, "int8", 2048, 1000 * MB)).isEqualTo(150 * MB);
    assertThatIllegalStateException()
        .isThrownBy(() -> plan.admit("c", NEED, "int8", 2048, 0))
        .withMessageContaining("only 0 MB");
  }

  @Test
  void aModelThatIsLoadedAgainTakesItsOwnPlace() {
    MemoryPlan plan = plan(700);
    plan.admit("a", NEED, "int8", 2048, 1000 * MB);
    plan.releaseCache(200 * MB);

    assertThat(plan.admit("a", NEED, "int8", 2048, 1000 * MB)).isEqualTo(200 * MB);

    plan.release("a");
    plan.releaseCache(200 * MB);
    assertThat(plan.admit("b", NEED, "int8", 2048, 1000 * MB)).isEqualTo(200 * MB);
  }

  @Test
  void whereTheSystemDoesNotSayEverythingFits() {
    MemoryPlan plan = new MemoryPlan(OptionalLong::empty);

    assertThat(plan.admit("a", NEED, "int8", 2048, 1000 * MB)).isEqualTo(1000 * MB);
  }
}
