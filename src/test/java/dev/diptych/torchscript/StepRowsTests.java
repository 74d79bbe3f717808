package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepRowsTests {

  private static final SlotGroups.Attention FUSED = new SlotGroups.Attention(true, 100);
  private static final SlotGroups.Attention BY_PRODUCTS = new SlotGroups.Attention(false, 100);

  @Test
  void oneTokenForEachSlotIsOneGroupInTheCallersOrder() {
    StepRows rows =
        StepRows.of(3, new int[] {1, 1, 1}, new int[] {7, 8, 9}, new int[] {4, 20, 6}, FUSED);

    assertThat(rows.tokens()).containsExactly(7, 8, 9);
    assertThat(rows.order()).isEmpty();
    assertThat(rows.groups()).containsExactly(0, 1, 3, 32, 0);
  }

  @Test
  void furtherTokensComeBehindAllFirstOnes() {
    StepRows rows =
        StepRows.of(
            4,
            new int[] {1, 3, 2, 2},
            new int[] {10, 20, 21, 22, 30, 31, 40, 41},
            new int[] {5, 6, 7, 8},
            FUSED);

    assertThat(rows.tokens()).containsExactly(10, 20, 30, 40, 21, 22, 31, 41);
    assertThat(rows.slots()).containsExactly(0, 1, 2, 3, 1, 1, 2, 3);
    assertThat(rows.positions()).containsExactly(5, 6, 7, 8, 7, 8, 8, 9);
    assertThat(rows.order()).containsExactly(0, 1, 4, 5, 2, 6, 3, 7);
  }

  @Test
  void fusedAttentionTakesTheFurtherTokensOfASlotTogetherAndSinglesOfNeighbours() {
    StepRows rows =
        StepRows.of(4, new int[] {1, 3, 2, 2}, new int[8], new int[] {5, 6, 7, 8}, FUSED);

    assertThat(rows.groups())
        .containsExactly(
            0, 1, 4, 16, 0, // the first tokens of all
            1, 0, 2, 16, 4, // two more of slot 1
            2, 1, 2, 16, 6); // one more of slots 2 and 3
  }

  @Test
  void fusedAttentionLooksAtWholeVectorsWithinTheCapacity() {
    StepRows rows = StepRows.of(1, new int[] {1}, new int[1], new int[] {98}, FUSED);

    assertThat(rows.groups()).containsExactly(0, 1, 1, 100, 0);
  }

  @Test
  void otherAttentionTakesEveryTokenOfASlotWithSeveralAlone() {
    StepRows rows =
        StepRows.of(3, new int[] {1, 1, 2}, new int[4], new int[] {5, 6, 7}, BY_PRODUCTS);

    assertThat(rows.groups()).containsExactly(0, 1, 2, 7, 0, 2, 1, 1, 8, 2, 2, 0, 1, 9, 3);
  }

  @Test
  void slotsOfVeryDifferentLengthAreGroupedApart() {
    SlotGroups.Attention roomy = new SlotGroups.Attention(true, 4096);
    StepRows rows =
        StepRows.of(3, new int[] {1, 1, 1}, new int[3], new int[] {4000, 10, 12}, roomy);

    assertThat(rows.groups()).containsExactly(0, 1, 1, 4016, 0, 1, 1, 2, 16, 1);
  }
}
