package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DrafterTests {

  private static final int MANY = 1000;

  @Test
  void proposesWhatFollowedTheLastOccurrence() {
    Drafter drafter = drafter(8, 1, 2, 3, 4, 5, 1, 2, 3, 6, 7, 1, 2, 3);

    assertThat(drafter.draft()).containsExactly(6, 7);
  }

  @Test
  void prefersALongerMatchToALaterOne() {
    Drafter drafter = drafter(8, 1, 2, 3, 4, 5, 9, 2, 3, 6, 7, 1, 2, 3);

    assertThat(drafter.draft()).containsExactly(4, 5);
  }

  @Test
  void proposesNothingForWhatIsNew() {
    assertThat(drafter(8, 1).draft()).isEmpty();
    assertThat(drafter(8, 1, 1).draft()).isEmpty();
    assertThat(drafter(8, 1, 2, 3, 4, 3).draft()).isEmpty();
  }

  @Test
  void continuesALoopBeyondItsEnd() {
    Sequence sequence = new Sequence(new int[] {1, 2, 1, 2, 1}, MANY, false);
    Drafter drafter = new Drafter(sequence, 8);
    drafter.draft();
    drafter.verified(2, 2);
    drafter.draft();
    drafter.verified(4, 4);

    assertThat(drafter.draft()).containsExactly(2, 1, 2, 1, 2, 1, 2, 1);
  }

  @Test
  void proposesNothingBehindWhatCannotCome() {
    int[] tokens = {1, 2, 3, 4, 5, 1, 2, 3};
    assertThat(new Drafter(new Sequence(tokens, MANY, false, _ -> 1), 8).draft())
        .containsExactly(4);
    assertThat(new Drafter(new Sequence(tokens, MANY, false, _ -> 0), 8).draft()).isEmpty();
  }

  @Test
  void leavesRoomForTheTokenThatTheModelAdds() {
    int[] loop = {1, 2, 1, 2, 1};

    assertThat(new Drafter(new Sequence(loop, 3, false), 8).draft()).hasSize(2);
    assertThat(new Drafter(new Sequence(loop, 2, false), 8).draft()).hasSize(1);
    assertThat(new Drafter(new Sequence(loop, 1, false), 8).draft()).isEmpty();
  }

  @Test
  void draftsGrowWithSuccessAndShrinkWithFailure() {
    Drafter drafter = drafter(8, 1, 1, 1, 1, 1);

    assertThat(drafter.draft()).hasSize(2);
    drafter.verified(2, 2);
    assertThat(drafter.draft()).hasSize(4);
    drafter.verified(4, 4);
    assertThat(drafter.draft()).hasSize(8);
    drafter.verified(8, 8);
    assertThat(drafter.draft()).hasSize(8);
    drafter.verified(8, 0);
    drafter.verified(8, 0);
    drafter.verified(8, 0);
    assertThat(drafter.draft()).hasSizeLessThan(8).isNotEmpty();
  }

  @Test
  void failingDraftsBecomeRareAndNeverEnd() {
    Drafter drafter = drafter(8, 1, 1, 1, 1, 1);

    assertThat(failingDrafts(drafter, 100)).isBetween(4, 12);
    assertThat(failingDrafts(drafter, 330)).isEqualTo(10);
  }

  @Test
  void oneSuccessAfterFailuresBringsDraftsBack() {
    Drafter drafter = drafter(8, 1, 1, 1, 1, 1);
    failingDrafts(drafter, 1000);
    int[] draft = drafter.draft();
    while (draft.length == 0) {
      draft = drafter.draft();
    }
    drafter.verified(draft.length, draft.length);

    assertThat(drafter.draft()).isNotEmpty();
  }

  @Test
  void findsWhatASearchOfAllTokensFinds() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      int[] tokens = random.ints(700, 0, 2 + random.nextInt(60)).toArray();
      for (int n = 2; n <= 3; n++) {
        NgramIndex index = new NgramIndex(n);
        Map<List<Integer>, Integer> ends = new HashMap<>();
        for (int end = 0; end <= tokens.length; end++) {
          List<Integer> ngram = Arrays.stream(tokens, Math.max(0, end - n), end).boxed().toList();
          assertThat(index.find(tokens, end))
              .isEqualTo(ends.getOrDefault(ngram, NgramIndex.NOWHERE));
          index.add(tokens, end);
          if (end >= n) {
            ends.put(ngram, end);
          }
        }
      }
    }
  }

  private static int failingDrafts(Drafter drafter, int steps) {
    int drafts = 0;
    for (int step = 0; step < steps; step++) {
      int[] draft = drafter.draft();
      drafts += draft.length > 0 ? 1 : 0;
      drafter.verified(draft.length, 0);
    }
    return drafts;
  }

  private static Drafter drafter(int mostTokens, int... tokens) {
    return new Drafter(new Sequence(tokens, MANY, false), mostTokens);
  }
}
