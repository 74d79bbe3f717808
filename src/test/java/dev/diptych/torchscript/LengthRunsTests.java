package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthRunsTests {

  @Test
  void inputsOfAboutTheSameLengthShareARun() {
    LengthRuns runs = LengthRuns.of(Batches.of(List.of(ids(20), ids(3), ids(31), ids(16))), 16, 0);

    assertThat(runs.runs()).containsExactly(2, 16, 2, 32);
    assertThat(runs.order()).containsExactly(1, 3, 0, 2);
    assertThat(runs.lengths()).containsExactly(3, 16, 20, 31);
    assertThat(runs.firstTokens()).containsExactly(32, 0, 64, 16);
  }

  @Test
  void paddingIsTokenZeroAtTheFirstPosition() {
    LengthRuns runs = LengthRuns.of(Batches.of(List.of(new int[] {7, 8, 9})), 16, 2);

    assertThat(runs.tokenIds()).startsWith(7, 8, 9, 0, 0).hasSize(16);
    assertThat(runs.places()).startsWith(2, 3, 4, 2, 2).hasSize(16);
  }

  @Test
  void onlyShortInputsArePaddedToASmallerStep() {
    LengthRuns runs =
        LengthRuns.of(Batches.of(List.of(ids(65), ids(11), ids(64), ids(12), ids(9))), 4, 0);

    assertThat(runs.runs()).containsExactly(3, 12, 1, 64, 1, 80);
    assertThat(runs.tokenIds()).hasSize(184);
    assertThat(LengthRuns.of(Batches.of(List.of(ids(9))), 4, 0).tokenIds()).hasSize(12);
  }

  @Test
  void batchesHaveFewSizesAndLittlePadding() {
    Random random = new Random(1);
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<int[]> inputs = new ArrayList<>();
      IntStream.range(0, 32).forEach(_ -> inputs.add(ids(16 * (1 + random.nextInt(16)))));
      int tokens = inputs.stream().mapToInt(input -> input.length).sum();
      int size = LengthRuns.of(Batches.of(inputs), 16, 0).tokenIds().length;
      assertThat(size).isBetween(tokens, tokens + tokens / 16);
      sizes.add(size);
    }

    assertThat(sizes.stream().distinct().count()).isLessThan(20);
  }

  private static int[] ids(int length) {
    int[] ids = new int[length];
    Arrays.fill(ids, 5);
    return ids;
  }
}
