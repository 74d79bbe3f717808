package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Pooling;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An encoder without weights: what it gives for an input depends on the ids of that input alone. It
 * checks its arguments and that one thread at a time calls it.
 */
public class FakeEncoder implements EncoderModel {

  public static final int VOCABULARY = 30522;
  private static final int HIDDEN = 8;

  private final int maxInputTokens;
  private final Head head;
  private final Consumer<EncoderBatch> before;
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicInteger closings = new AtomicInteger();
  private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();

  public FakeEncoder(int maxInputTokens) {
    this(maxInputTokens, _ -> {});
  }

  /**
   * @param before is given each batch before it is computed
   */
  public FakeEncoder(int maxInputTokens, Consumer<EncoderBatch> before) {
    this(maxInputTokens, new Head.MaskedLanguageModel(true, null, true), before);
  }

  public FakeEncoder(int maxInputTokens, Head head, Consumer<EncoderBatch> before) {
    this.maxInputTokens = maxInputTokens;
    this.head = head;
    this.before = before;
  }

  /** Inputs of each forward pass so far. */
  List<Integer> batchSizes() {
    return batchSizes;
  }

  int closings() {
    return closings.get();
  }

  @Override
  public int hiddenSize() {
    return HIDDEN;
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public int maxInputTokens() {
    return maxInputTokens;
  }

  @Override
  public Head head() {
    return head;
  }

  @Override
  public float[][] pooled(EncoderBatch batch, Pooling pooling, int skipped) {
    begin(batch);
    float[][] vectors = new float[batch.inputs()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = vector(Arrays.hashCode(ids(batch, i)) + pooling.name().hashCode() + skipped);
    }
    running.set(false);
    return vectors;
  }

  @Override
  public float[][] hiddenStates(EncoderBatch batch) {
    begin(batch);
    float[][] states = new float[batch.inputs()][];
    for (int i = 0; i < states.length; i++) {
      int[] ids = ids(batch, i);
      states[i] = new float[ids.length * HIDDEN];
      for (int token = 0; token < ids.length; token++) {
        float[] state = vector(Arrays.hashCode(ids) + 31 * token);
        System.arraycopy(state, 0, states[i], token * HIDDEN, HIDDEN);
      }
    }
    running.set(false);
    return states;
  }

  @Override
  public float[][] maskedLanguageModelLogits(EncoderBatch batch, int[] rows) {
    begin(batch);
    float[][] logits = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      int input = 0;
      while (batch.offsets()[input + 1] <= rows[i]) {
        input++;
      }
      logits[i] = logits(ids(batch, input), rows[i] - batch.offsets()[input]);
    }
    running.set(false);
    return logits;
  }

  @Override
  public float[][] largestLogits(EncoderBatch batch) {
    begin(batch);
    float[][] largest = new float[batch.inputs()][];
    for (int i = 0; i < largest.length; i++) {
      int[] ids = ids(batch, i);
      largest[i] = logits(ids, 0);
      for (int position = 1; position < ids.length; position++) {
        float[] others = logits(ids, position);
        for (int token = 0; token < others.length; token++) {
          largest[i][token] = Math.max(largest[i][token], others[token]);
        }
      }
    }
    running.set(false);
    return largest;
  }

  @Override
  public float[][] textLogits(EncoderBatch batch) {
    if (!(head instanceof Head.SequenceClassifier classifier)) {
      throw new IllegalStateException("the model has no classifier of texts");
    }
    begin(batch);
    float[][] logits = new float[batch.inputs()][classifier.labels().names().size()];
    for (int i = 0; i < logits.length; i++) {
      int seed = 31 * Arrays.hashCode(ids(batch, i)) + Arrays.hashCode(types(batch, i));
      for (int label = 0; label < logits[i].length; label++) {
        logits[i][label] = 4 * number(17 * seed + label);
      }
    }
    running.set(false);
    return logits;
  }

  @Override
  public float[][] tokenLogits(EncoderBatch batch) {
    int labels =
        switch (head) {
          case Head.TokenClassifier classifier -> classifier.labels().names().size();
          case Head.QuestionAnswering _ -> 2;
          default -> throw new IllegalStateException("the model has no classifier of tokens");
        };
    begin(batch);
    float[][] logits = new float[batch.inputs()][];
    for (int i = 0; i < logits.length; i++) {
      int[] ids = ids(batch, i);
      logits[i] = new float[ids.length * labels];
      for (int number = 0; number < logits[i].length; number++) {
        int token = number / labels;
        logits[i][number] = 8 * number(31 * ids[token] + 17 * ids.length + number % labels);
      }
    }
    running.set(false);
    return logits;
  }

  /** A row of logits, {@code [vocabulary]}. */
  protected float[] logits(int[] ids, int position) {
    float[] row = new float[VOCABULARY];
    int seed = Arrays.hashCode(ids) + position;
    for (int token = 0; token < row.length; token++) {
      row[token] = number(seed + token);
    }
    return row;
  }

  @Override
  public void close() {
    closings.incrementAndGet();
  }

  private void begin(EncoderBatch batch) {
    assertThat(running.compareAndSet(false, true)).as("one call at a time").isTrue();
    try {
      batchSizes.add(batch.inputs());
      assertThat(batch.typeIds()).hasSameSizeAs(batch.tokenIds());
      assertThat(batch.offsets()[0]).isZero();
      assertThat(batch.offsets()[batch.inputs()]).isEqualTo(batch.tokens());
      for (int i = 0; i < batch.inputs(); i++) {
        assertThat(batch.offsets()[i + 1] - batch.offsets()[i]).isBetween(1, maxInputTokens);
      }
      for (int id : batch.tokenIds()) {
        assertThat(id).isBetween(0, VOCABULARY - 1);
      }
      before.accept(batch);
    } catch (RuntimeException | Error e) {
      running.set(false);
      throw e;
    }
  }

  private static int[] ids(EncoderBatch batch, int input) {
    return Arrays.copyOfRange(batch.tokenIds(), batch.offsets()[input], batch.offsets()[input + 1]);
  }

  private static int[] types(EncoderBatch batch, int input) {
    return Arrays.copyOfRange(batch.typeIds(), batch.offsets()[input], batch.offsets()[input + 1]);
  }

  private static float[] vector(int seed) {
    float[] vector = new float[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      vector[i] = number(seed * 17 + i);
    }
    return vector;
  }

  /** A number in [-1, 1) that looks random. */
  private static float number(int seed) {
    int mixed = seed * 0x9E3779B9;
    mixed ^= mixed >>> 15;
    mixed *= 0x85EBCA6B;
    mixed ^= mixed >>> 13;
    return mixed / (float) (1L << 31);
  }
}
