package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.DecoderModel;
import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A decoder whose logits depend on every cached token of a slot, so that any mistake with slots,
 * positions or copies changes the text. Checks that it is called as its port says. Can be stepped
 * by hand and made to fail, and to repeat itself.
 */
public final class FakeDecoder implements DecoderModel {

  public static final int VOCABULARY = 96;

  private static final int NOTHING = -1;
  private static final int NO_PERIOD = 0;
  private static final float MARK = 0.5f;

  private final int contextLength;
  private final int period;
  private final Semaphore steps = new Semaphore(0);
  private volatile boolean stepped;
  private volatile IntPredicate failOnToken = token -> false;
  private volatile @Nullable Error error;
  private volatile boolean failReserve;
  private boolean allSlots;
  private volatile boolean closed;
  private int[][] cache = {};
  private int length;
  private long largestCache;
  private volatile long reservedTokens;
  private Runnable whenReserved = () -> {};
  public final AtomicInteger forwards = new AtomicInteger();
  public final AtomicInteger prefilledTokens = new AtomicInteger();
  public final AtomicInteger largestBatch = new AtomicInteger();
  final AtomicInteger computedMeanwhile = new AtomicInteger(); // while a step stood still
  final AtomicInteger decodes = new AtomicInteger();
  final AtomicInteger largestDecode = new AtomicInteger();

  public FakeDecoder(int contextLength) {
    this(contextLength, NO_PERIOD);
  }

  /** A decoder that in seven of eight cases says what it said {@code period} tokens before. */
  public FakeDecoder(int contextLength, int period) {
    this.contextLength = contextLength;
    this.period = period;
  }

  /** Has all its slots from the start, as unused ones are free; for generators that come. */
  FakeDecoder withAllSlots() {
    allSlots = true;
    return this;
  }

  /** From now on every forward pass waits for {@link #step}. */
  public FakeDecoder byHand() {
    steps.drainPermits();
    stepped = true;
    return this;
  }

  public void step(int forwardPasses) {
    steps.release(forwardPasses);
  }

  /** Lets it run freely again. */
  public void release() {
    stepped = false;
    steps.release(1_000_000);
  }

  /** Forward passes that read such a token fail. */
  public void failOn(IntPredicate token) {
    failOnToken = token;
  }

  /** Forward passes end with this; null lets them be. */
  public void failWith(@Nullable Error newError) {
    error = newError;
  }

  public void failReserve(boolean fails) {
    failReserve = fails;
  }

  public boolean isClosed() {
    return closed;
  }

  public long largestCache() {
    return largestCache;
  }

  /** Runs this whenever its cache gets another shape; an error of it fails what is running. */
  FakeDecoder whenReserved(Runnable action) {
    whenReserved = action;
    return this;
  }

  /** Tokens that there is room for. */
  long reservedTokens() {
    return reservedTokens;
  }

  /** Tokens that were written and not given up since. */
  long writtenTokens() {
    return Arrays.stream(cache)
        .flatMapToInt(Arrays::stream)
        .filter(token -> token != NOTHING)
        .count();
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public int mostRowsWithDrafts() {
    return 16;
  }

  @Override
  public long cacheBytesPerToken() {
    return 1024;
  }

  @Override
  public boolean commitsWhenWritten() {
    return allSlots;
  }

  @Override
  public void reserve(int slots, int newLength) {
    if (failReserve) {
      throw new IllegalStateException("no memory");
    }
    assertThat(newLength).isPositive().isLessThanOrEqualTo(contextLength);
    int[][] next = new int[slots][newLength];
    for (int slot = 0; slot < slots; slot++) {
      Arrays.fill(next[slot], NOTHING);
      if (slot < cache.length) {
        System.arraycopy(cache[slot], 0, next[slot], 0, Math.min(length, newLength));
      }
    }
    cache = next;
    length = newLength;
    reservedTokens = (long) slots * newLength;
    largestCache = Math.max(largestCache, reservedTokens);
    whenReserved.run();
  }

  @Override
  public void step(List<PromptChunk> chunks, NextTokens next, float[] logits) {
    await();
    compute(chunks, next, logits);
  }

  /** Stands still when half of the prompts is written, so that what uses their slots is seen. */
  @Override
  public void step(List<PromptChunk> chunks, NextTokens next, float[] logits, Runnable meanwhile) {
    await();
    for (PromptChunk chunk : chunks) {
      for (int i = 0; i < chunk.tokens().length / 2; i++) {
        write(chunk.slot(), chunk.start() + i, chunk.tokens()[i]);
      }
    }
    Arrays.fill(logits, MARK);
    int before = forwards.get();
    meanwhile.run();
    computedMeanwhile.addAndGet(forwards.get() - before);
    for (float value : logits) {
      assertThat(value).isEqualTo(MARK);
    }
    for (PromptChunk chunk : chunks) {
      int half = chunk.tokens().length / 2;
      assertThat(Arrays.copyOfRange(cache[chunk.slot()], chunk.start(), chunk.start() + half))
          .isEqualTo(Arrays.copyOf(chunk.tokens(), half));
    }
    compute(chunks, next, logits);
  }

  private void compute(List<PromptChunk> chunks, NextTokens next, float[] logits) {
    assertThat(chunks.size() + next.count()).isPositive();
    assertThat(chunks.stream().map(PromptChunk::slot))
        .doesNotHaveDuplicates()
        .allMatch(slot -> slot >= next.count());
    int row = 0;
    for (PromptChunk chunk : chunks) {
      run(chunk, logits, row);
      row += chunk.rows();
    }
    if (next.count() > 0) {
      run(next, logits, row);
    }
  }

  private void run(PromptChunk chunk, float[] logits, int firstRow) {
    int slot = chunk.slot();
    int start = chunk.start();
    int[] tokens = chunk.tokens();
    int rows = chunk.rows();
    assertThat(slot).isBetween(0, cache.length - 1);
    assertThat(tokens.length).isPositive();
    assertThat(start).isNotNegative();
    assertThat(start + tokens.length).isLessThanOrEqualTo(length);
    assertThat(rows).isBetween(0, tokens.length);
    prefilledTokens.addAndGet(tokens.length);
    for (int i = 0; i < tokens.length; i++) {
      write(slot, start + i, tokens[i]);
      int row = i - tokens.length + rows;
      if (row >= 0) {
        System.arraycopy(
            logits(cache[slot], start + i + 1, period),
            0,
            logits,
            (firstRow + row) * VOCABULARY,
            VOCABULARY);
      }
    }
  }

  private void run(NextTokens next, float[] logits, int firstRow) {
    int count = next.count();
    int[] lengths = next.lengths();
    int[] positions = next.positions();
    assertThat(count).isBetween(1, cache.length);
    int row = 0;
    for (int slot = 0; slot < count; slot++) {
      assertThat(lengths[slot]).isPositive();
      for (int i = 0; i < lengths[slot]; i++) {
        write(slot, positions[slot] + i, next.tokens()[row++]);
      }
    }
    decodes.incrementAndGet();
    largestBatch.accumulateAndGet(count, Math::max);
    largestDecode.accumulateAndGet(row, Math::max);
    row = firstRow;
    for (int slot = 0; slot < count; slot++) {
      for (int i = 1; i <= lengths[slot]; i++) {
        float[] expected = logits(cache[slot], positions[slot] + i, period);
        System.arraycopy(expected, 0, logits, row++ * VOCABULARY, VOCABULARY);
      }
    }
  }

  @Override
  public void copy(int from, int to, int count) {
    assertThat(from).isBetween(0, cache.length - 1).isNotEqualTo(to);
    assertThat(to).isBetween(0, cache.length - 1);
    assertThat(count).isBetween(1, length);
    assertThat(Arrays.stream(cache[from]).limit(count)).doesNotContain(NOTHING);
    System.arraycopy(cache[from], 0, cache[to], 0, count);
  }

  @Override
  public void truncate(int slot, int count) {
    assertThat(slot).isBetween(0, cache.length - 1);
    assertThat(count).isBetween(0, length);
    Arrays.fill(cache[slot], count, length, NOTHING);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void write(int slot, int position, int token) {
    assertThat(token).isBetween(0, VOCABULARY - 1);
    assertThat(position).isBetween(0, length - 1);
    assertThat(Arrays.stream(cache[slot]).limit(position)).doesNotContain(NOTHING);
    if (failOnToken.test(token)) {
      throw new IllegalStateException("cannot compute token " + token);
    }
    cache[slot][position] = token;
  }

  private void await() {
    if (stepped) {
      steps.acquireUninterruptibly();
    }
    forwards.incrementAndGet();
    Error injected = error;
    if (injected != null) {
      throw injected;
    }
  }

  /** The logits after the first {@code size} tokens. Token 0 is improbable but possible. */
  public static float[] logits(int[] tokens, int size) {
    return logits(tokens, size, NO_PERIOD);
  }

  private static float[] logits(int[] tokens, int size, int period) {
    long hash = 1125899906842597L;
    for (int i = 0; i < size; i++) {
      hash = 31 * hash + tokens[i] + 7;
    }
    Random random = new Random(hash);
    float[] row = new float[VOCABULARY];
    for (int id = 0; id < VOCABULARY; id++) {
      row[id] = (float) random.nextGaussian() * 3;
    }
    if (period != NO_PERIOD && size >= period && random.nextInt(8) > 0) {
      row[tokens[size - period]] += 40;
    }
    return row;
  }

  /** The greedy answer that a prompt has when it is alone. */
  public static int[] greedyAnswer(int[] prompt, int maxNewTokens) {
    return greedyAnswer(prompt, maxNewTokens, NO_PERIOD);
  }

  /** The same of one that repeats itself. */
  static int[] greedyAnswer(int[] prompt, int maxNewTokens, int period) {
    int[] tokens = Arrays.copyOf(prompt, prompt.length + maxNewTokens);
    for (int size = prompt.length; size < tokens.length; size++) {
      float[] row = logits(tokens, size, period);
      int best = 0;
      for (int id = 1; id < VOCABULARY; id++) {
        best = row[id] > row[best] ? id : best;
      }
      tokens[size] = best;
    }
    return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
  }
}
