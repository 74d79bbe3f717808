package dev.diptych.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is computed next: which sequences decode together and with which drafts, which part
 * of which prompt is prefilled beside them, and in which cache slots they are. Has no threads, no
 * tensors, no clock; one thread calls it.
 *
 * <p>Continuous batching is from Orca (Yu et al. 2022, OSDI), prefill in chunks between decode
 * steps from Sarathi-Serve (Agrawal et al. 2024, arXiv:2403.02310).
 */
final class ContinuousBatchScheduler {

  /*
   * Sequences that decode lie in slots 0..n-1. At most one is between two chunks of its prompt; its
   * last chunk brings it to the slot that is n by then. Where slots that nobody uses are free it lies
   * in the last one until then, so that short ones find slot n empty, and even while a step stands
   * still can be computed there. When a sequence ends, the last one takes its slot.
   *
   * Sequences are admitted in the order of their arrival; when the first has no room, the others
   * wait behind it until enough of the running ones have ended. But while a long prompt is between
   * two chunks, short ones may pass it. All that a pass computes is there when its last row is, so
   * that they have a pass of their own: in the middle of a step, or before one without a chunk, but
   * not before every one, so that the long one goes on; and when it is through the first in line is
   * next, so that no number of short ones holds it up.
   *
   * While nothing decodes there is nobody to keep waiting, and chunks are larger. While something
   * does, they are smaller deep in a prompt, where a token attends to more and takes longer: a token
   * behind as many as FULL_CHUNK_DEPTH counts as two.
   *
   * What a slot holds stays known after its sequence has ended. A prompt that begins like it starts
   * with a copy; only what was really computed and accepted counts, hence prefilled() and decoded().
   * A few tokens take as long as one, so that a short beginning is not worth a copy. Of a prompt that
   * is cached to its end the logits are known as well: asked again, it gives bit for bit what it gave
   * before.
   *
   * Memory that a long sequence took in its slot stays with it for the next one, but not all of it,
   * as with time every slot has had a long one.
   */

  private static final int CHUNKS_AT_ONCE_WHILE_NOTHING_DECODES = 8;

  private static final int FULL_CHUNK_DEPTH = 1024;

  private static final int CHUNK_GRAIN = 16;

  private static final int SHORTEST_PREFIX = 32;

  private final int maxBatchSequences;
  private final int prefillChunkTokens;
  private final int everyRowChunkTokens;
  private final CacheBudget budget;
  private final CacheRoom room;
  private final CacheContents cache;
  private final PromptLookup lookup;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<@Nullable Sequence> decoding = new ArrayList<>(); // null: has ended
  private @Nullable Sequence prefilling;
  private int stepTokens; // most prompt tokens of the last step
  private boolean shortPromptsPassed; // in the last step
  private CacheShape shape = CacheShape.NONE;

  /**
   * A scheduler with nothing to do.
   *
   * @param prefillChunkTokens prompt tokens of one step
   * @param everyRowChunkTokens those of them whose logits are all wanted
   */
  ContinuousBatchScheduler(
      CacheBudget budget, int prefillChunkTokens, int everyRowChunkTokens, PromptLookup lookup) {
    this(budget, CacheRoom.of(budget.tokens()), prefillChunkTokens, everyRowChunkTokens, lookup);
  }

  /**
   * A scheduler with nothing to do whose decoder shares memory with others.
   *
   * @param room within the budget
   */
  ContinuousBatchScheduler(
      CacheBudget budget,
      CacheRoom room,
      int prefillChunkTokens,
      int everyRowChunkTokens,
      PromptLookup lookup) {
    this.room = room;
    this.maxBatchSequences = budget.maxSlots();
    this.prefillChunkTokens = prefillChunkTokens;
    this.everyRowChunkTokens = everyRowChunkTokens;
    this.budget = budget;
    this.cache = new CacheContents(budget.maxSlots());
    this.lookup = lookup;
  }

  /** Puts a sequence at the end of the queue; the budget must admit its reserved tokens. */
  void add(Sequence sequence) {
    waiting.addLast(sequence);
  }

  /** Puts a sequence before all that wait, as it belongs to one that has waited already. */
  void addNext(Sequence sequence) {
    waiting.addFirst(sequence);
  }

  /** Takes a sequence out, wherever it is; its slot is filled with the next plan. */
  void remove(Sequence sequence) {
    if (sequence == prefilling) {
      prefilling = null;
    } else if (sequence.slot() == Sequence.NO_SLOT) {
      waiting.remove(sequence);
    } else {
      decoding.set(sequence.slot(), null);
    }
    sequence.moveTo(Sequence.NO_SLOT);
    lookup.forget(sequence);
  }

  /** Sequences that have a slot. */
  int running() {
    int running = prefilling == null ? 0 : 1;
    for (Sequence sequence : decoding) {
      running += sequence == null ? 0 : 1;
    }
    return running;
  }

  /** Sequences that have none yet. */
  int waiting() {
    return waiting.size();
  }

  /** What the running sequences may come to. */
  long reservedTokens() {
    long tokens = prefilling == null ? 0 : prefilling.reservedTokens();
    for (Sequence sequence : decoding) {
      tokens += sequence == null ? 0 : sequence.reservedTokens();
    }
    return tokens;
  }

  boolean isIdle() {
    return waiting.isEmpty() && prefilling == null && decoding.stream().allMatch(Objects::isNull);
  }

  /** The next step. It must be carried out before the next call. */
  BatchPlan plan() {
    List<CacheStep> steps = new ArrayList<>(cache.truncate(budget.keptTokens(), reserved()));
    closeGaps(steps);
    giveBack(steps);
    List<Sequence> batch = decoding.stream().filter(Objects::nonNull).toList();
    stepTokens =
        batch.isEmpty()
            ? CHUNKS_AT_ONCE_WHILE_NOTHING_DECODES * prefillChunkTokens
            : prefillChunkTokens;
    int tokens = stepTokens;
    int everyRowTokens = everyRowChunkTokens;
    shortPromptsPassed = !shortPromptsPassed && letShortPromptsPass(this::makeRoom, steps);
    while (!shortPromptsPassed && tokens > 0 && (prefilling != null || admitNext(tokens, steps))) {
      Sequence sequence = Objects.requireNonNull(prefilling);
      int most = batch.isEmpty() ? tokens : atDepth(cache.cached(sequence.slot()), tokens);
      if (sequence.everyRow()) {
        most = Math.min(most, everyRowTokens);
      }
      if (most == 0) {
        break;
      }
      CacheStep.Prefill chunk = nextChunk(sequence, most, steps);
      steps.add(chunk);
      tokens -= chunk.count();
      everyRowTokens -= sequence.everyRow() ? chunk.count() : 0;
      if (!chunk.completes()) {
        break;
      }
      decoding.add(sequence);
      prefilling = null;
    }
    if (waiting.isEmpty()) {
      room.leave();
    }
    return new BatchPlan(steps, new DecodeBatch(batch, lookup.drafts(batch)), shortPromptsPassed);
  }

  /**
   * Short prompts to be computed while the step that was planned last stands still, beside a chunk
   * of a long one; a plan of nothing if there are none, or if some have passed already.
   */
  BatchPlan planMeanwhile() {
    List<CacheStep> steps = new ArrayList<>();
    if (!shortPromptsPassed) {
      shortPromptsPassed =
          letShortPromptsPass((lengthy, length, _) -> hasRoom(lengthy, length), steps);
    }
    return new BatchPlan(steps, DecodeBatch.NONE, true);
  }

  /** Tells that the cache has the shape that was planned last. */
  void cacheChanged() {
    room.keep(shape.tokens());
  }

  /** Whether memory is to be given back, which the next plan does. */
  boolean mustGiveBack() {
    return shape.tokens() > Math.max(room.most(), used().tokens());
  }

  /** Tells that a chunk was computed. */
  void prefilled(CacheStep.Prefill chunk) {
    cache.advance(chunk.slot(), chunk.count());
  }

  /** Tells that a slot was decoded and how many tokens of its draft its sequence went on with. */
  void decoded(DecodeBatch batch, int slot, int accepted) {
    cache.advance(slot, 1 + accepted);
    lookup.verified(batch.sequences().get(slot), batch.drafts().get(slot).length, accepted);
  }

  /** Forgets the cache after its contents became doubtful; no sequence may be running. */
  void forgetCache() {
    cache.cutTo(CacheShape.NONE);
    shape = CacheShape.NONE;
  }

  private void closeGaps(List<CacheStep> steps) {
    for (int slot = decoding.size() - 1; slot >= 0; slot--) {
      if (decoding.get(slot) != null) {
        continue;
      }
      Sequence last = decoding.removeLast();
      if (last != null) {
        move(last, slot, steps);
        decoding.set(slot, last);
      }
    }
  }

  private boolean admitNext(int tokens, List<CacheStep> steps) {
    Sequence sequence = waiting.peekFirst();
    if (sequence == null || decoding.size() == maxBatchSequences) {
      return false;
    }
    CacheShape needed = new CacheShape(decoding.size() + 1, longest(sequence));
    if (!reserve(needed, steps)) {
      room.ask(needed.tokens(), !decoding.isEmpty());
      return false;
    }
    room.leave();
    waiting.removeFirst();
    prefilling = sequence;
    int slot = decoding.size();
    int rest = sequence.promptTokens() - prefix(sequence, slot).length();
    boolean aside = rest > tokens && budget.unusedIsFree();
    place(sequence, aside ? shape.slots() - 1 : slot, steps);
    return true;
  }

  /** Sees to it that short prompts have a slot; false if they must wait. */
  private interface Room {
    boolean make(Sequence lengthy, int length, List<CacheStep> steps);
  }

  /* Before a step: at the cost of changing the cache. Slots get longer where they get fewer. */
  private boolean makeRoom(Sequence lengthy, int length, List<CacheStep> steps) {
    int next = decoding.size() + 1;
    if (reserve(new CacheShape(Math.max(next, lengthy.slot()) + 1, length), steps)) {
      if (lengthy.slot() < next) {
        move(lengthy, shape.slots() - 1, steps);
      }
      return true;
    }
    CacheShape fewer = new CacheShape(next + 1, length);
    if (lengthy.slot() <= next || fit(fewer) == null) {
      return false;
    }
    move(lengthy, next, steps);
    return reserve(fewer, steps);
  }

  /* In a step, which knows where its sequences are. */
  private boolean hasRoom(Sequence lengthy, int length) {
    return lengthy.slot() > decoding.size()
        && shape.equals(fit(new CacheShape(lengthy.slot() + 1, length)));
  }

  /* Whole prompts of together at most half the tokens of a step, beside the one in progress. */
  private boolean letShortPromptsPass(Room room, List<CacheStep> steps) {
    int tokens = stepTokens / 2;
    int left = tokens;
    Sequence sequence = nextShort(left);
    while (prefilling != null && sequence != null && decoding.size() + 1 < maxBatchSequences) {
      int length = Math.max(longest(sequence), prefilling.reservedTokens());
      if (!room.make(prefilling, length, steps)) {
        break;
      }
      waiting.remove(sequence);
      place(sequence, decoding.size(), steps);
      CacheStep.Prefill prompt = nextChunk(sequence, left, steps);
      steps.add(prompt);
      decoding.add(sequence);
      left -= prompt.count();
      sequence = nextShort(left);
    }
    return left < tokens;
  }

  private @Nullable Sequence nextShort(int tokens) {
    for (Sequence sequence : waiting) {
      if (sequence.promptTokens() <= tokens && !sequence.everyRow()) {
        return sequence;
      }
    }
    return null;
  }

  /* Sees to it that the cache has this room; false if memory does not allow it. */
  private boolean reserve(CacheShape needed, List<CacheStep> steps) {
    CacheShape fitting = fit(needed);
    if (fitting == null || !room.take(fitting.tokens())) {
      return false;
    }
    if (!fitting.equals(shape)) {
      change(fitting, steps);
    }
    return true;
  }

  private @Nullable CacheShape fit(CacheShape needed) {
    return budget.fit(shape, needed, room.most(), room.fair());
  }

  private void change(CacheShape to, List<CacheStep> steps) {
    steps.add(new CacheStep.Reserve(to));
    cache.cutTo(to);
    shape = to;
  }

  /* What other decoders wait for and no sequence uses. */
  private void giveBack(List<CacheStep> steps) {
    if (!mustGiveBack()) {
      return;
    }
    CacheShape smaller = budget.shrunk(shape, used(), room.most());
    if (prefilling != null && prefilling.slot() >= smaller.slots()) {
      move(prefilling, decoding.size(), steps);
    }
    change(smaller, steps);
  }

  /* What running sequences may come to, packed. */
  private CacheShape used() {
    int slots = 0;
    int length = 1;
    if (prefilling != null) {
      slots++;
      length = prefilling.reservedTokens();
    }
    for (Sequence sequence : decoding) {
      if (sequence != null) {
        slots++;
        length = Math.max(length, sequence.reservedTokens());
      }
    }
    return CacheShape.LEAST.atLeast(new CacheShape(slots, length));
  }

  /* Into a free slot, with what is cached of its prompt. */
  private void place(Sequence sequence, int slot, List<CacheStep> steps) {
    CacheContents.Prefix prefix = prefix(sequence, slot);
    if (prefix.repeated() != null) {
      sequence.repeatPromptOf(prefix.repeated());
    }
    if (prefix.length() > 0 && prefix.slot() != slot) {
      steps.add(new CacheStep.Copy(prefix.slot(), slot, prefix.length()));
    }
    sequence.moveTo(slot);
    cache.put(slot, sequence, prefix.length());
    sequence.beginWith(prefix.length());
  }

  /* What is worth reusing of what is cached. */
  private CacheContents.Prefix prefix(Sequence sequence, int slot) {
    if (!sequence.everyRow()) {
      CacheContents.Prefix prefix = cache.longestPrefix(sequence, slot);
      if (prefix.repeated() != null || prefix.length() >= SHORTEST_PREFIX) {
        return prefix;
      }
    }
    return new CacheContents.Prefix(slot, 0, null);
  }

  private CacheStep.Prefill nextChunk(Sequence sequence, int tokens, List<CacheStep> steps) {
    int start = cache.cached(sequence.slot());
    int count = Math.min(tokens, sequence.promptTokens() - start);
    boolean completes = start + count == sequence.promptTokens();
    if (completes && sequence.slot() != decoding.size()) {
      move(sequence, decoding.size(), steps);
    }
    int rows = completes && count > 0 ? 1 : 0;
    return new CacheStep.Prefill(
        sequence, sequence.slot(), start, count, sequence.everyRow() ? count : rows);
  }

  private void move(Sequence sequence, int slot, List<CacheStep> steps) {
    int from = sequence.slot();
    if (cache.cached(from) > 0) {
      steps.add(new CacheStep.Copy(from, slot, cache.cached(from)));
    }
    cache.copy(from, slot);
    sequence.moveTo(slot);
  }

  /* How many tokens behind so many others take about as long as these at the start of a prompt. */
  private static int atDepth(int depth, int tokens) {
    long grains =
        Math.ceilDiv((long) tokens * FULL_CHUNK_DEPTH, (FULL_CHUNK_DEPTH + depth) * CHUNK_GRAIN);
    return (int) Math.min(tokens, grains * CHUNK_GRAIN);
  }

  /* For each slot. */
  private int[] reserved() {
    int[] reserved = new int[maxBatchSequences];
    if (prefilling != null) {
      reserved[prefilling.slot()] = prefilling.reservedTokens();
    }
    for (int slot = 0; slot < decoding.size(); slot++) {
      Sequence sequence = decoding.get(slot);
      reserved[slot] = sequence == null ? 0 : sequence.reservedTokens();
    }
    return reserved;
  }

  private int longest(Sequence next) {
    int longest = next.reservedTokens();
    for (Sequence sequence : decoding) {
      longest = sequence == null ? longest : Math.max(longest, sequence.reservedTokens());
    }
    return longest;
  }
}
