package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepRowsTests {

  private static final SlotGroups.Attention FUSED = new SlotGroups.Attention(true, 100);
  private static final SlotGroups.Attention BY_PRODUCTS = new SlotGroups.Attention(false, 100);

  @Test
  void oneTokenForEachSlotIsOneGroupInTheCallersOrder() {
    StepRows rows = rows(FUSED, new int[] {1, 1, 1}, new int[] {7, 8, 9}, new int[] {4, 20, 6});

    assertThat(rows.tokens()).containsExactly(7, 8, 9);
    assertThat(rows.wanted()).isEmpty();
    assertThat(rows.groups()).containsExactly(0, 1, 3, 32, 0);
  }

  @Test
  void furtherTokensComeBehindAllFirstOnes() {
    StepRows rows =
        rows(
            FUSED,
            new int[] {1, 3, 2, 2},
            new int[] {10, 20, 21, 22, 30, 31, 40, 41},
            new int[] {5, 6, 7, 8});

    assertThat(rows.tokens()).containsExactly(10, 20, 30, 40, 21, 22, 31, 41);
    assertThat(rows.slots()).containsExactly(0, 1, 2, 3, 1, 1, 2, 3);
    assertThat(rows.positions()).containsExactly(5, 6, 7, 8, 7, 8, 8, 9);
    assertThat(rows.wanted()).containsExactly(0, 1, 4, 5, 2, 6, 3, 7);
  }

  @Test
  void fusedAttentionTakesTheFurtherTokensOfASlotTogetherAndSinglesOfNeighbours() {
    StepRows rows = rows(FUSED, new int[] {1, 3, 2, 2}, new int[8], new int[] {5, 6, 7, 8});

    assertThat(rows.groups())
        .containsExactly(
            0, 1, 4, 16, 0, // the first tokens of all
            1, 0, 2, 16, 4, // two more of slot 1
            2, 1, 2, 16, 6); // one more of slots 2 and 3
  }

  @Test
  void fusedAttentionLooksAtWholeVectorsWithinTheCapacity() {
    StepRows rows = rows(FUSED, new int[] {1}, new int[1], new int[] {98});

    assertThat(rows.groups()).containsExactly(0, 1, 1, 100, 0);
  }

  @Test
  void otherAttentionTakesEveryTokenOfASlotWithSeveralAlone() {
    StepRows rows = rows(BY_PRODUCTS, new int[] {1, 1, 2}, new int[4], new int[] {5, 6, 7});

    assertThat(rows.groups()).containsExactly(0, 1, 2, 7, 0, 2, 1, 1, 8, 2, 2, 0, 1, 9, 3);
  }

  @Test
  void otherAttentionLooksAtWholeVectorsWhereItIsOneProduct() {
    SlotGroups.Attention roomy = new SlotGroups.Attention(false, 1024);
    int[] ones = {1, 1, 1, 1, 1};

    assertThat(rows(roomy, new int[] {1}, new int[1], new int[] {510}).groups())
        .containsExactly(0, 1, 1, 511, 0);
    assertThat(rows(roomy, new int[] {1}, new int[1], new int[] {512}).groups())
        .containsExactly(0, 1, 1, 528, 0);
    assertThat(rows(roomy, ones, new int[5], new int[] {99, 101, 102, 102, 101}).groups())
        .containsExactly(0, 1, 5, 112, 0);
    assertThat(
            rows(
                    BY_PRODUCTS,
                    new int[] {1, 1, 1, 1, 1, 1},
                    new int[6],
                    new int[] {99, 99, 99, 99, 99, 99})
                .groups())
        .containsExactly(0, 1, 6, 100, 0);
  }

  @Test
  void slotsOfVeryDifferentLengthAreGroupedApart() {
    SlotGroups.Attention roomy = new SlotGroups.Attention(true, 4096);
    StepRows rows = rows(roomy, new int[] {1, 1, 1}, new int[3], new int[] {4000, 10, 12});

    assertThat(rows.groups()).containsExactly(0, 1, 1, 4016, 0, 1, 1, 2, 16, 1);
  }

  @Test
  void chunksComeBehindTheNextTokensInWholeTiles() {
    PromptChunk beginning = new PromptChunk(2, 0, new int[] {50, 51, 52}, 1);
    PromptChunk middle = new PromptChunk(3, 32, new int[17], 0);
    NextTokens next = new NextTokens(2, new int[] {1, 2}, new int[] {10, 20, 21}, new int[] {5, 6});

    StepRows rows = StepRows.of(List.of(beginning, middle), next, FUSED);

    assertThat(rows.chunks()).containsExactly(2, 0, 16, 3, 32, 32);
    assertThat(rows.tokens()).hasSize(64).startsWith(10, 20, 21, 50, 51, 52, 0);
    assertThat(rows.positions()).hasSize(64).startsWith(5, 6, 7, 0, 1, 2, 3);
    assertThat(Arrays.copyOfRange(rows.positions(), 19, 64))
        .startsWith(32, 33)
        .containsSequence(62, 63, 0);
    assertThat(rows.slots()).containsExactly(0, 1, 1);
    assertThat(rows.wanted()).containsExactly(5, 0, 1, 2);
  }

  @Test
  void aChunkIsNotPaddedBeyondItsSlot() {
    PromptChunk chunk = new PromptChunk(0, 90, new int[] {7, 8, 9}, 3);

    StepRows rows = StepRows.of(List.of(chunk), NextTokens.NONE, FUSED);

    assertThat(rows.chunks()).containsExactly(0, 90, 3);
    assertThat(rows.tokens()).hasSize(16);
    assertThat(rows.wanted()).containsExactly(0, 1, 2);
  }

  private static StepRows rows(
      SlotGroups.Attention attention, int[] lengths, int[] tokens, int[] positions) {
    return StepRows.of(
        List.of(), new NextTokens(lengths.length, lengths, tokens, positions), attention);
  }
}
