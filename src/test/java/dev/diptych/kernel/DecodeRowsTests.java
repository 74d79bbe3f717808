package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which rows of a step may attend together, and which must wait for others. */
class DecodeRowsTests {

  private static final int[] SLOTS = {3, 3, 3, 0, 1, 1};

  private static DecodeRows rows(int first, int count) {
    return new DecodeRows(new int[6], SLOTS, new int[6], first, count);
  }

  @Test
  void tokensOfASequenceFormRunsUpToALimit() {
    assertThat(rows(0, 6).runs(4)).containsExactly(0, 3, 4, 6);
    assertThat(rows(0, 6).runs(2)).containsExactly(0, 2, 3, 4, 6);
    assertThat(rows(0, 6).runs(1)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(rows(2, 3).runs(4)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void rowsAreApartOnlyIfNoneFollowsAnotherHoweverLongRunsMayBe() {
    assertThat(rows(0, 6).areApart()).isFalse();
    assertThat(rows(2, 3).areApart()).isTrue();
    assertThat(rows(4, 2).areApart()).isFalse();
    assertThat(rows(5, 1).areApart()).isTrue();
  }
}
