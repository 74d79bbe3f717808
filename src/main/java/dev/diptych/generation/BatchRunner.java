package dev.diptych.generation;

import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.NextTokens;
import dev.diptych.model.Progress;
import java.util.ArrayList;
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
  private final Runnable arrivals;
  private final Progress progress;
  private final GenerationWatch watch;
  private final Map<Sequence, Answer> answers = new HashMap<>();
  private final int vocabularySize;
  private boolean waitsForMemory; // that another decoder has
  private float[] logits = {};
  private float[] logitsMeanwhile = {};

  /**
   * A runner with nothing to do.
   *
   * @param answered told after each new token of an answer; may remove it
   * @param failed told when a generation cannot go on; must remove all its answers
   * @param arrivals adds what has arrived, in the middle of a step
   * @param progress told before each pass
   * @param watch told after each pass
   */
  BatchRunner(
      DecoderModel model,
      ContinuousBatchScheduler scheduler,
      Consumer<Answer> answered,
      BiConsumer<Generation, DiptychException> failed,
      Runnable arrivals,
      Progress progress,
      GenerationWatch watch) {
    this.model = model;
    this.scheduler = scheduler;
    this.answered = answered;
    this.failed = failed;
    this.arrivals = arrivals;
    this.progress = progress;
    this.watch = watch;
    this.vocabularySize = model.vocabularySize();
  }

  void add(Answer answer) {
    answers.put(answer.sequence(), answer);
    scheduler.add(answer.sequence());
  }

  /** Adds an answer that goes before all that wait. */
  void addNext(Answer answer) {
    answers.put(answer.sequence(), answer);
    scheduler.addNext(answer.sequence());
  }

  /** Takes an answer out; nothing happens if it is not in. */
  void remove(Answer answer) {
    if (answers.remove(answer.sequence()) != null) {
      scheduler.remove(answer.sequence());
    }
  }

  /** Tells what is going on now. */
  void tellLoad() {
    watch.changed(scheduler.running(), scheduler.waiting(), scheduler.reservedTokens());
  }

  /** Whether there is nothing to do before something arrives. */
  boolean isIdle() {
    return (scheduler.isIdle() || waitsForMemory) && !scheduler.mustGiveBack();
  }

  /** Prefills and decodes once, in one pass unless the plan wants two. */
  void step() {
    BatchPlan plan = scheduler.plan();
    waitsForMemory = plan.isEmpty();
    tellLoad();
    List<CacheStep.Prefill> chunks = new ArrayList<>();
    if (!begin(plan, chunks)) {
      return;
    }
    if (plan.promptsFirst()) {
      compute(chunks, DecodeBatch.NONE, BatchRunner::nothing);
      chunks = List.of();
    }
    compute(chunks, plan.decoding(), this::letShortPromptsPass);
  }

  /* While a step stands still, whose logits must stay. */
  private void letShortPromptsPass() {
    float[] ofTheStep = logits;
    logits = logitsMeanwhile;
    try {
      arrivals.run();
      List<CacheStep.Prefill> prompts = new ArrayList<>();
      if (begin(scheduler.planMeanwhile(), prompts)) {
        compute(prompts, DecodeBatch.NONE, BatchRunner::nothing);
      }
    } finally {
      logitsMeanwhile = logits;
      logits = ofTheStep;
    }
  }

  private static void nothing() {}

  /* Changes the cache and finds the parts of prompts to compute; false if the cache is lost. */
  private boolean begin(BatchPlan plan, List<CacheStep.Prefill> chunks) {
    for (CacheStep step : plan.steps()) {
      boolean intact =
          switch (step) {
            case CacheStep.Reserve(CacheShape shape) ->
                changeCache(() -> model.reserve(shape.slots(), shape.length()));
            case CacheStep.Copy(int from, int to, int length) ->
                changeCache(() -> model.copy(from, to, length));
            case CacheStep.Truncate(int slot, int length) ->
                changeCache(() -> model.truncate(slot, length));
            case CacheStep.Prefill prefill -> chunks.add(prefill);
          };
      if (!intact) {
        return false;
      }
    }
    scheduler.cacheChanged();
    for (CacheStep.Prefill chunk : chunks) {
      start(chunk);
    }
    chunks.removeIf(chunk -> chunk.count() == 0);
    return true;
  }

  private void start(CacheStep.Prefill chunk) {
    Answer answer = answers.get(chunk.sequence());
    if (answer != null) {
      answer.generation().markStarted();
      if (chunk.count() == 0) {
        beginAgain(answer);
      }
    }
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

  /* From the logits of an earlier sequence with the same prompt. */
  private void beginAgain(Answer answer) {
    float[] row = room(1);
    float[] known = Objects.requireNonNull(answer.sequence().promptLogits());
    System.arraycopy(known, 0, row, 0, vocabularySize);
    try {
      begin(answer, row, 0);
    } catch (RuntimeException | Error e) {
      fail(List.of(answer), "no token could be chosen", e);
    }
  }

  private void compute(List<CacheStep.Prefill> chunks, DecodeBatch batch, Runnable meanwhile) {
    if (chunks.isEmpty() && batch.count() == 0) {
      return;
    }
    progress.goOn();
    long start = System.nanoTime();
    float[] rows;
    try {
      NextTokens next = batch.next();
      rows = room(chunks.stream().mapToInt(CacheStep.Prefill::rows).sum() + next.tokens().length);
      model.step(chunks.stream().map(CacheStep.Prefill::chunk).toList(), next, rows, meanwhile);
    } catch (RuntimeException | Error e) {
      computeApart(chunks, batch, e);
      return;
    }
    long nanoseconds = System.nanoTime() - start;
    int first = 0;
    int promptTokens = 0;
    for (CacheStep.Prefill chunk : chunks) {
      prefilled(chunk, rows, first);
      first += chunk.rows();
      promptTokens += chunk.count();
    }
    int accepted = decoded(batch, rows, first);
    watch.stepped(promptTokens, batch.count(), batch.drafted(), accepted, nanoseconds);
  }

  /* What failed together is computed one by one, so that only what fails alone is lost. */
  private void computeApart(List<CacheStep.Prefill> chunks, DecodeBatch batch, Throwable cause) {
    if (chunks.isEmpty()) {
      fail(
          batch.sequences().stream().map(answers::get).filter(Objects::nonNull).toList(),
          "the step failed",
          cause);
    } else if (chunks.size() == 1 && batch.count() == 0) {
      Answer answer = answers.get(chunks.getFirst().sequence());
      if (answer != null) {
        fail(List.of(answer), "the prompt could not be computed", cause);
      }
    } else {
      log.warn("a step failed and is computed part by part: {}", cause.toString());
      for (CacheStep.Prefill chunk : chunks) {
        compute(List.of(chunk), DecodeBatch.NONE, BatchRunner::nothing);
      }
      compute(List.of(), batch, BatchRunner::nothing);
    }
  }

  private void prefilled(CacheStep.Prefill chunk, float[] rows, int first) {
    Answer answer = answers.get(chunk.sequence());
    if (answer == null) {
      return; // failed or was left earlier in this step
    }
    try {
      scheduler.prefilled(chunk);
      if (chunk.rows() > 0 && chunk.sequence().everyRow()) {
        answer.describePrompt(rows, first, chunk.start(), chunk.rows(), vocabularySize);
      }
      if (chunk.rows() > 0 && chunk.completes()) {
        int last = first + chunk.rows() - 1;
        chunk
            .sequence()
            .knowPromptLogits(
                Arrays.copyOfRange(rows, last * vocabularySize, (last + 1) * vocabularySize));
        begin(answer, rows, last);
      }
    } catch (RuntimeException | Error e) {
      fail(List.of(answer), "the prompt could not be computed", e);
    }
  }

  /* How many tokens of drafts were right. */
  private int decoded(DecodeBatch batch, float[] rows, int firstRow) {
    int first = firstRow;
    int right = 0;
    for (int slot = 0; slot < batch.count(); slot++) {
      int[] draft = batch.drafts().get(slot);
      Answer answer = answers.get(batch.sequences().get(slot));
      if (answer != null) {
        try {
          int accepted = chooseAlong(draft, answer, rows, first);
          scheduler.decoded(batch, slot, accepted);
          right += accepted;
        } catch (RuntimeException | Error e) {
          fail(List.of(answer), "no token could be chosen", e);
        }
      }
      first += 1 + draft.length;
    }
    return right;
  }

  /* Chooses from row to row for as long as the draft foresaw what was chosen; how much of it did. */
  private int chooseAlong(int[] draft, Answer answer, float[] rows, int first) {
    int accepted = 0;
    choose(answer, rows, first);
    while (accepted < draft.length
        && draft[accepted] == answer.sequence().last()
        && !answer.isFinished()) {
      accepted++;
      answer.generation().foresaw(1);
      choose(answer, rows, first + accepted);
    }
    return accepted;
  }

  private void begin(Answer answer, float[] rows, int row) {
    answer.begin(rows, row * vocabularySize, vocabularySize);
    answered.accept(answer);
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
