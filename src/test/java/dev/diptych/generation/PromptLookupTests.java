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
    assertThat(draftLengths(7)).containsOnly(8).hasSize(7);
    assertThat(draftLengths(12)).containsExactly(5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 4, 4);
    assertThat(draftLengths(48)).startsWith(1, 1).endsWith(0, 0).hasSize(48);
    assertThat(draftLengths(64)).containsOnly(0).hasSize(64);
  }

  @Test
  void theMoreSequencesTheSurerAGuessMustBe() {
    List<Integer> lengths = new ArrayList<>();
    for (int sequences : new int[] {1, 16, 32}) {
      PromptLookup lookup = new PromptLookup(8);
      List<Sequence> batch = Stream.generate(PromptLookupTests::loop).limit(sequences).toList();
      lookup.drafts(batch);
      batch.forEach(sequence -> lookup.verified(sequence, 2, 2));
      lengths.add(lookup.drafts(batch).getFirst().length);
    }
    assertThat(lengths).containsExactly(4, 2, 1);
  }

  @Test
  void whatOneSequenceDoesNotWantTheOthersGet() {
    PromptLookup lookup = new PromptLookup(80);
    List<Sequence> batch = List.of(loop(), new Sequence(new int[] {1, 2, 3}, 100, false));
    succeed(lookup, batch);

    assertThat(lookup.drafts(batch)).extracting(draft -> draft.length).containsExactly(62, 0);
  }

  @Test
  void zeroTokensSwitchItOff() {
    assertThat(new PromptLookup(0).drafts(List.of(loop()))).containsExactly(new int[0]);
  }

  private static int[] draftLengths(int sequences) {
    PromptLookup lookup = new PromptLookup(8);
    List<Sequence> batch = Stream.generate(PromptLookupTests::loop).limit(sequences).toList();
    succeed(lookup, batch);
    return lookup.drafts(batch).stream().mapToInt(draft -> draft.length).toArray();
  }

  /* Until their drafts are as long as allowed. */
  private static void succeed(PromptLookup lookup, List<Sequence> batch) {
    for (Sequence sequence : batch) {
      lookup.drafts(List.of(sequence));
      lookup.verified(sequence, 50, 50);
    }
  }

  private static Sequence loop() {
    int[] prompt = new int[10];
    Arrays.fill(prompt, 1);
    return new Sequence(prompt, 100, false);
  }
}
