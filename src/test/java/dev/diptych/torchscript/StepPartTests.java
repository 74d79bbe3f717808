package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepPartTests {

  @Test
  void slotsAreSharedOutEvenlyInTheirOrder() {
    NextTokens next = next(1, 1, 1, 1, 1);

    List<StepPart> parts = StepPart.whole(List.of(), next).cut(2);

    assertThat(parts).extracting(part -> part.next().first()).containsExactly(0, 3);
    assertThat(parts).extracting(part -> part.next().count()).containsExactly(3, 2);
    assertThat(parts.get(1).next().tokens()).containsExactly(30, 40);
    assertThat(parts.get(1).next().positions()).containsExactly(103, 104);
  }

  @Test
  void aSlotWithADraftCountsAllItsTokens() {
    List<StepPart> parts = StepPart.whole(List.of(), next(4, 1, 1, 1)).cut(2);

    assertThat(parts).extracting(part -> part.next().count()).containsExactly(1, 3);
    assertThat(parts).extracting(StepPart::rows).containsExactly(4, 3);
  }

  @Test
  void oneSlotIsNotCut() {
    assertThat(StepPart.whole(List.of(), next(5)).cut(2)).isEmpty();
  }

  @Test
  void oneLongChunkBesideAFewSlotsIsNotCut() {
    PromptChunk chunk = new PromptChunk(2, 0, new int[64], 1);

    assertThat(StepPart.whole(List.of(chunk), next(1, 1)).cut(2)).isEmpty();
  }

  @Test
  void thereAreFewerPartsWhereMoreWouldBeUneven() {
    PromptChunk chunk = new PromptChunk(2, 0, new int[16], 1);

    List<StepPart> parts = StepPart.whole(List.of(chunk, chunk), next(1, 1)).cut(8);

    assertThat(parts).extracting(StepPart::rows).containsExactly(16, 18);
  }

  @Test
  void answersOfAllPartsComeInTheOrderOfTheStep() {
    List<PromptChunk> chunks =
        List.of(
            new PromptChunk(3, 0, new int[4], 1),
            new PromptChunk(4, 0, new int[4], 0),
            new PromptChunk(5, 0, new int[4], 2));
    StepPart whole = StepPart.whole(chunks, next(1, 2, 1));
    float[] logits = new float[2 * 7];

    List<StepPart> parts = whole.cut(2);
    for (int i = 0; i < parts.size(); i++) {
      FloatBuffer values = FloatBuffer.allocate(2 * parts.get(i).answers());
      while (values.hasRemaining()) {
        values.put(10 * (i + 1) + values.position());
      }
      parts.get(i).answer(values.flip(), logits, 2);
    }

    assertThat(parts).extracting(StepPart::answers).containsExactly(1, 6);
    assertThat(logits).containsExactly(10, 11, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
  }

  /** Slots from 0 on, whose first tokens are 0, 10, 20 … at positions 100, 101, 102 …. */
  private static NextTokens next(int... lengths) {
    int[] positions = new int[lengths.length];
    int[] tokens = new int[Arrays.stream(lengths).sum()];
    int at = 0;
    for (int slot = 0; slot < lengths.length; slot++) {
      positions[slot] = 100 + slot;
      for (int i = 0; i < lengths[slot]; i++) {
        tokens[at++] = 10 * slot + i;
      }
    }
    return new NextTokens(lengths.length, lengths, tokens, positions);
  }
}
