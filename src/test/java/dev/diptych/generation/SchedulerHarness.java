package dev.diptych.generation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Carries plans out greedily, as the engine does. */
final class SchedulerHarness {

  static final int EVERY_ROW_CHUNK_TOKENS = 7;

  final ContinuousBatchScheduler scheduler;
  final List<Sequence> ended = new ArrayList<>();
  final List<int[]> rejected = new ArrayList<>(); // with the tokens before them
  int passed; // prompts that were computed while a step stood still
  private final FakeDecoder decoder;
  private final float[] logits = new float[200 * FakeDecoder.VOCABULARY];

  SchedulerHarness(FakeDecoder decoder, CacheBudget budget, int chunk) {
    this(decoder, budget, chunk, 0);
  }

  SchedulerHarness(FakeDecoder decoder, CacheBudget budget, int chunk, int promptLookupTokens) {
    this.decoder = decoder;
    this.scheduler =
        new ContinuousBatchScheduler(
            budget,
            chunk,
            EVERY_ROW_CHUNK_TOKENS,
            new PromptLookup(promptLookupTokens, decoder.mostRowsWithDrafts()));
  }

  void runToEnd() {
    while (!scheduler.isIdle()) {
      step();
    }
  }

  BatchPlan step() {
    return step(() -> {});
  }

  /** A step that stands still twice. */
  BatchPlan step(Runnable meanwhile) {
    BatchPlan plan = scheduler.plan();
    List<CacheStep.Prefill> chunks = begin(plan);
    meanwhile.run();
    chunks.forEach(this::prefill);
    meanwhile.run();
    decode(plan.decoding());
    return plan;
  }

  /** What the engine does while a step stands still. */
  void letShortPromptsPass() {
    BatchPlan plan = scheduler.planMeanwhile();
    assertThat(plan.steps()).noneMatch(CacheStep.Reserve.class::isInstance);
    List<CacheStep.Prefill> prompts = begin(plan);
    assertThat(prompts).allMatch(CacheStep.Prefill::completes);
    prompts.forEach(this::prefill);
    passed += prompts.size();
  }

  private List<CacheStep.Prefill> begin(BatchPlan plan) {
    List<CacheStep.Prefill> chunks = new ArrayList<>();
    for (CacheStep step : plan.steps()) {
      switch (step) {
        case CacheStep.Reserve(CacheShape shape) -> decoder.reserve(shape.slots(), shape.length());
        case CacheStep.Copy(int from, int to, int length) -> decoder.copy(from, to, length);
        case CacheStep.Truncate(int slot, int length) -> decoder.truncate(slot, length);
        case CacheStep.Prefill prefill -> chunks.add(prefill);
      }
    }
    return chunks;
  }

  private void decode(DecodeBatch batch) {
    if (batch.count() == 0) {
      return;
    }
    decoder.decode(batch.count(), batch.lengths(), batch.tokens(), batch.positions(), logits);
    int first = 0;
    for (int slot = 0; slot < batch.count(); slot++) {
      Sequence sequence = batch.sequences().get(slot);
      int[] draft = batch.drafts().get(slot);
      if (sequence.slot() == Sequence.NO_SLOT) { // cancelled in the middle of the step
        first += 1 + draft.length;
        continue;
      }
      assertThat(sequence.size() + draft.length).isLessThan(sequence.reservedTokens());
      int[] drafted = Arrays.copyOf(sequence.tokens(), sequence.size() + draft.length);
      System.arraycopy(draft, 0, drafted, sequence.size(), draft.length);
      int accepted = 0;
      choose(sequence, first);
      while (accepted < draft.length && draft[accepted] == sequence.last()) {
        accepted++;
        choose(sequence, first + accepted);
      }
      if (accepted < draft.length) {
        rejected.add(drafted);
      }
      scheduler.decoded(batch, slot, accepted);
      first += 1 + draft.length;
    }
  }

  private void prefill(CacheStep.Prefill step) {
    boolean cancelled = step.sequence().slot() == Sequence.NO_SLOT;
    if (step.count() == 0 && cancelled) {
      return;
    }
    if (step.count() == 0) {
      float[] known = requireNonNull(step.sequence().promptLogits());
      System.arraycopy(known, 0, logits, 0, FakeDecoder.VOCABULARY);
      choose(step.sequence(), 0);
      return;
    }
    int[] tokens =
        Arrays.copyOfRange(step.sequence().tokens(), step.start(), step.start() + step.count());
    decoder.prefill(
        step.slot(), step.start(), tokens, step.rows(), step.rows() == 0 ? null : logits);
    if (cancelled) {
      return;
    }
    scheduler.prefilled(step);
    if (step.completes()) {
      int last = (step.rows() - 1) * FakeDecoder.VOCABULARY;
      step.sequence()
          .knowPromptLogits(Arrays.copyOfRange(logits, last, last + FakeDecoder.VOCABULARY));
      choose(step.sequence(), step.rows() - 1);
    }
  }

  private void choose(Sequence sequence, int row) {
    int best = 0;
    for (int id = 1; id < FakeDecoder.VOCABULARY; id++) {
      int offset = row * FakeDecoder.VOCABULARY;
      best = logits[offset + id] > logits[offset + best] ? id : best;
    }
    sequence.append(best);
    if (sequence.newTokens() == sequence.maxNewTokens()) {
      scheduler.remove(sequence);
      ended.add(sequence);
    }
  }
}
