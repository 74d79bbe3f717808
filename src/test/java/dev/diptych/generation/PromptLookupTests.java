package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PromptLookupTests {

  @Test
  void aStepNeverHasMoreRowsThanTheBoundAndSequencesShareThem() {
    assertThat(draftLengths(1)).containsExactly(8);
    assertThat(draftLengths(2)).containsExactly(7, 7);
    assertThat(draftLengths(3)).containsExactly(5, 4, 4);
    assertThat(draftLengths(10)).containsExactly(1, 1, 1, 1, 1, 1, 0, 0, 0, 0);
    assertThat(draftLengths(16)).containsOnly(0).hasSize(16);
    assertThat(draftLengths(32)).containsOnly(0).hasSize(32);
  }

  @Test
  void whatOneSequenceDoesNotWantTheOthersGet() {
    PromptLookup lookup = new PromptLookup(16, 16);
    List<Sequence> batch = List.of(loop(), new Sequence(new int[] {1, 2, 3}, 100, false));
    succeed(lookup, batch);

    assertThat(lookup.drafts(batch)).extracting(draft -> draft.length).containsExactly(14, 0);
  }

  @Test
  void besideManySequencesOnlyThoseThatRepeatThemselvesAreGuessed() {
    PromptLookup lookup = new PromptLookup(8, 32);
    Sequence looping = loop();
    Sequence changing = loop();
    List<Sequence> batch = new ArrayList<>(List.of(looping, changing));
    while (batch.size() < 16) {
      batch.add(new Sequence(new int[] {1, 2, 3}, 100, false));
    }
    for (int step = 0; step < 20; step++) {
      lookup.drafts(batch);
      looping.append(1);
      changing.append(step % 4 == 0 ? 2 + step : 1);
    }

    List<int[]> drafts = lookup.drafts(batch);

    assertThat(drafts.get(0)).isNotEmpty();
    assertThat(drafts.subList(1, 16)).containsOnly(Drafter.NO_DRAFT);
    assertThat(lookup.drafts(List.of(changing)).getFirst()).isNotEmpty();
  }

  @Test
  void zeroTokensSwitchItOff() {
    assertThat(new PromptLookup(0, 16).drafts(List.of(loop()))).containsExactly(new int[0]);
  }

  private static int[] draftLengths(int sequences) {
    PromptLookup lookup = new PromptLookup(8, 16);
    List<Sequence> batch = Stream.generate(PromptLookupTests::loop).limit(sequences).toList();
    succeed(lookup, batch);
    return lookup.drafts(batch).stream().mapToInt(draft -> draft.length).toArray();
  }

  /* Until their drafts are as long as allowed. */
  private static void succeed(PromptLookup lookup, List<Sequence> batch) {
    for (Sequence sequence : batch) {
      lookup.drafts(List.of(sequence));
      lookup.verified(sequence, 8, 8);
    }
  }

  private static Sequence loop() {
    int[] prompt = new int[10];
    Arrays.fill(prompt, 1);
    return new Sequence(prompt, 100, false);
  }
}
