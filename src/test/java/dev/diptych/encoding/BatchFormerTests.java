package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.blueprint.Pooling;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchFormerTests {

  private static final EncoderTask POOLED = new EncoderTask.Pooled(Pooling.MEAN);
  private static final EncoderTask LOGITS = new EncoderTask.MaskedLanguageModel();

  private final BatchFormer former = new BatchFormer(3);

  @Test
  void givesNothingWhenNothingWaits() {
    assertThat(former.next(10)).isEmpty();
  }

  @Test
  void takesInputsInOrderUntilTheTokenBudgetIsReached() {
    Entry first = add(POOLED, 4);
    Entry second = add(POOLED, 6);
    Entry third = add(POOLED, 1);

    assertThat(former.next(10)).containsExactly(first, second);
    assertThat(former.next(10)).containsExactly(third);
    assertThat(former.next(10)).isEmpty();
  }

  @Test
  void letsNoShortInputOvertakeALongOneOfItsTask() {
    Entry first = add(POOLED, 4);
    Entry tooMuch = add(POOLED, 7);
    Entry small = add(POOLED, 1);

    assertThat(former.next(10)).containsExactly(first);
    assertThat(former.next(10)).containsExactly(tooMuch, small);
  }

  @Test
  void computesAnInputBeyondTheBudgetAlone() {
    Entry huge = add(POOLED, 50);
    Entry next = add(POOLED, 1);

    assertThat(former.next(10)).containsExactly(huge);
    assertThat(former.next(10)).containsExactly(next);
  }

  @Test
  void batchesEqualTasksAndServesTheOldestTaskFirst() {
    Entry pooled = add(POOLED, 2);
    Entry logits = add(LOGITS, 2, 0);
    Entry clsPooled = add(new EncoderTask.Pooled(Pooling.CLS), 2);
    Entry pooledToo = add(new EncoderTask.Pooled(Pooling.MEAN), 2);
    Entry logitsToo = add(LOGITS, 2, 1);

    assertThat(former.next(10)).containsExactly(pooled, pooledToo);
    assertThat(former.next(10)).containsExactly(logits, logitsToo);
    assertThat(former.next(10)).containsExactly(clsPooled);
  }

  @Test
  void boundsTheRowsOfLogits() {
    Entry first = add(LOGITS, 2, 0, 1);
    Entry second = add(LOGITS, 2, 0, 1);

    assertThat(former.next(10)).containsExactly(first);
    assertThat(former.next(10)).containsExactly(second);
  }

  @Test
  void skipsWhatItsCallerHasAbandoned() {
    Entry gone = add(POOLED, 9);
    Entry here = add(POOLED, 2);
    Entry goneToo = add(POOLED, 2);
    gone.abandon();
    goneToo.abandon();

    assertThat(former.next(10)).containsExactly(here);
    assertThat(former.next(10)).isEmpty();
  }

  @Test
  void letsSmallRequestsOvertakeALargeOneForAWhile() {
    List<Entry> large = Entry.of(POOLED, Collections.nCopies(4, input(10_000)));
    List<Entry> small = Entry.of(POOLED, List.of(input(4)));
    large.forEach(former::add);
    small.forEach(former::add);

    assertThat(former.next(10)).containsExactlyElementsOf(small);
    assertThat(former.next(10)).containsExactly(large.getFirst());
    Entry muchLater = new Entry(POOLED, input(1), 0, large.getFirst().turn() + 1);
    former.add(muchLater);
    for (Entry entry : large.subList(1, 4)) {
      assertThat(former.next(10).getFirst()).isSameAs(entry);
    }
  }

  @Test
  void keepsRequestsOfOneSizeInTheOrderOfTheirArrival() {
    List<Entry> first = Entry.of(POOLED, List.of(input(9), input(9)));
    List<Entry> second = Entry.of(POOLED, List.of(input(9), input(9)));
    first.forEach(former::add);
    second.forEach(former::add);

    for (Entry entry : first) {
      assertThat(former.next(10)).containsExactly(entry);
    }
    for (Entry entry : second) {
      assertThat(former.next(10)).containsExactly(entry);
    }
  }

  private Entry add(EncoderTask task, int tokens, int... rows) {
    Entry entry = new Entry(task, input(tokens, rows), 0, 0);
    former.add(entry);
    return entry;
  }

  private static EncoderInput input(int tokens, int... rows) {
    return EncoderInput.masked(IntStream.range(0, tokens).toArray(), rows, (_, _) -> {});
  }
}
