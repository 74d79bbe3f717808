package dev.diptych.generation;

import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.model.DecoderModel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the scheduler's plans on the model. A failure costs only the sequences that took part
 * in what failed. One thread.
 */
final class BatchRunner {

  private static final Logger log = LoggerFactory.getLogger(BatchRunner.class);

  private final DecoderModel model;
  private final ContinuousBatchScheduler scheduler;
  private final Consumer<Answer> answered;
  private final BiConsumer<Generation, DiptychException> failed;
  private final Map<Sequence, Answer> answers = new HashMap<>();
  private final int vocabularySize;
  private float[] logits = {};

  /**
   * A runner with nothing to do.
   *
   * @param answered told after each new token of an answer; may remove it
   * @param failed told when a generation cannot go on; must remove all its answers
   */
  BatchRunner(
      DecoderModel model,
      ContinuousBatchScheduler scheduler,
      Consumer<Answer> answered,
      BiConsumer<Generation, DiptychException> failed) {
    this.model = model;
    this.scheduler = scheduler;
    this.answered = answered;
    this.failed = failed;
    this.vocabularySize = model.vocabularySize();
  }

  void add(Answer answer) {
    answers.put(answer.sequence(), answer);
    scheduler.add(answer.sequence());
  }

  /** Takes an answer out; nothing happens if it is not in. */
  void remove(Answer answer) {
    if (answers.remove(answer.sequence()) != null) {
      scheduler.remove(answer.sequence());
    }
  }

  boolean isIdle() {
    return scheduler.isIdle();
  }

  /** Prefills and decodes once. */
  void step() {
    BatchPlan plan = scheduler.plan();
    for (CacheStep step : plan.steps()) {
      boolean intact =
          switch (step) {
            case CacheStep.Reserve(CacheShape shape) ->
                changeCache(() -> model.reserve(shape.slots(), shape.length()));
            case CacheStep.Copy(int from, int to, int length) ->
                changeCache(() -> model.copy(from, to, length));
            case CacheStep.Prefill prefill -> prefill(prefill);
          };
      if (!intact) {
        return;
      }
    }
    decode(plan.decoding());
  }

  /* After a failure nobody knows what the cache holds, so everything that is in it fails. */
  private boolean changeCache(Runnable change) {
    try {
      change.run();
      return true;
    } catch (RuntimeException | Error e) {
      List<Answer> running =
          answers.values().stream()
              .filter(answer -> answer.sequence().slot() != Sequence.NO_SLOT)
              .toList();
      fail(running, "the key-value cache could not be changed", e);
      scheduler.forgetCache();
      return false;
    }
  }

  private boolean prefill(CacheStep.Prefill step) {
    Answer answer = answers.get(step.sequence());
    if (answer == null) {
      return true; // failed earlier in this plan
    }
    answer.generation().markStarted();
    if (step.count() == 0) {
      chooseFirstAgain(answer);
      return true;
    }
    try {
      int[] tokens =
          Arrays.copyOfRange(step.sequence().tokens(), step.start(), step.start() + step.count());
      float[] rows = step.rows() == 0 ? null : room(step.rows());
      model.prefill(step.slot(), step.start(), tokens, step.rows(), rows);
      scheduler.prefilled(step);
      if (rows != null && step.sequence().everyRow()) {
        answer.describePrompt(rows, step.start(), step.rows(), vocabularySize);
      }
      if (rows != null && step.completes()) {
        int last = (step.rows() - 1) * vocabularySize;
        step.sequence().knowPromptLogits(Arrays.copyOfRange(rows, last, last + vocabularySize));
        choose(answer, rows, step.rows() - 1);
      }
    } catch (RuntimeException | Error e) {
      fail(List.of(answer), "the prompt could not be computed", e);
    }
    return true;
  }

  /* From the logits of an earlier sequence with the same prompt. */
  private void chooseFirstAgain(Answer answer) {
    float[] row = room(1);
    float[] known = Objects.requireNonNull(answer.sequence().promptLogits());
    System.arraycopy(known, 0, row, 0, vocabularySize);
    try {
      choose(answer, row, 0);
    } catch (RuntimeException | Error e) {
      fail(List.of(answer), "no token could be chosen", e);
    }
  }

  private void decode(DecodeBatch batch) {
    if (batch.count() == 0) {
      return;
    }
    int[] lengths = batch.lengths();
    float[] rows;
    try {
      rows = room(Arrays.stream(lengths).sum());
      model.decode(batch.count(), lengths, batch.tokens(), batch.positions(), rows);
    } catch (RuntimeException | Error e) {
      fail(
          batch.sequences().stream().map(answers::get).filter(Objects::nonNull).toList(),
          "the step failed",
          e);
      return;
    }
    int first = 0;
    for (int slot = 0; slot < batch.count(); slot++) {
      Answer answer = answers.get(batch.sequences().get(slot));
      if (answer != null) {
        try {
          int accepted = chooseAlong(batch.drafts().get(slot), answer, rows, first);
          scheduler.decoded(batch, slot, accepted);
        } catch (RuntimeException | Error e) {
          fail(List.of(answer), "no token could be chosen", e);
        }
      }
      first += lengths[slot];
    }
  }

  /* Chooses from row to row for as long as the draft foresaw what was chosen; how much of it did. */
  private int chooseAlong(int[] draft, Answer answer, float[] rows, int first) {
    int accepted = 0;
    choose(answer, rows, first);
    while (accepted < draft.length
        && draft[accepted] == answer.sequence().last()
        && !answer.isFinished()) {
      accepted++;
      choose(answer, rows, first + accepted);
    }
    return accepted;
  }

  private void choose(Answer answer, float[] rows, int row) {
    answer.choose(rows, row * vocabularySize);
    answered.accept(answer);
  }

  private void fail(List<Answer> involved, String what, Throwable cause) {
    log.warn("{} generation(s) failed, {}: {}", involved.size(), what, cause.toString());
    log.debug("Failure of the forward pass", cause);
    for (Answer answer : involved) {
      failed.accept(
          answer.generation(),
          cause instanceof DiptychException known
              ? known
              : new InferenceFailed("%s: %s".formatted(what, cause.getMessage()), cause));
    }
  }

  private float[] room(int rows) {
    int needed = Math.multiplyExact(rows, vocabularySize);
    if (logits.length < needed) {
      logits = new float[needed];
    }
    return logits;
  }
}
