package dev.diptych.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EncoderBatchTests {

  private static int[] positions(int firstPosition, int... ids) {
    int[] offsets = {0, 3, ids.length};
    return new EncoderBatch(ids, new int[ids.length], offsets).positions(firstPosition);
  }

  @Test
  void positionsBeginAnewInEachInput() {
    assertThat(positions(0, 7, 8, 9, 5, 0, 6)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  /** As create_position_ids_from_input_ids of transformers gives for padding_idx 1. */
  @Test
  void aPaddingIdInsideATextHasItsOwnPositionAndIsNotCounted() {
    assertThat(positions(2, 0, 1, 9, 5, 1, 1, 6, 2)).containsExactly(2, 1, 3, 2, 1, 1, 3, 4);
  }
}
