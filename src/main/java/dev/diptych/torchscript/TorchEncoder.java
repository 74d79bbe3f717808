package dev.diptych.torchscript;

import dev.diptych.model.Backend;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Pooling;
import java.util.Arrays;
import java.util.stream.IntStream;

/** An encoder on libtorch; its forward pass is {@code encoder.py}. */
final class TorchEncoder implements EncoderModel {

  private final TorchModule module;
  private final PassLength passLength;
  private final Blueprint blueprint;
  private final Backend backend;
  private final int paddingStep;

  /**
   * An encoder around a module that {@code init} has filled.
   *
   * @param backend what is told of it
   * @param paddingStep to a multiple of how many tokens short inputs are padded
   */
  TorchEncoder(TorchModule module, Blueprint blueprint, Backend backend, int paddingStep) {
    this.module = module;
    this.passLength = module.passLength();
    this.blueprint = blueprint;
    this.backend = backend;
    this.paddingStep = paddingStep;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public int hiddenSize() {
    return blueprint.width();
  }

  @Override
  public int vocabularySize() {
    return blueprint.vocabulary();
  }

  @Override
  public int maxInputTokens() {
    return blueprint.context();
  }

  @Override
  public Head head() {
    return blueprint.head();
  }

  @Override
  public int maxTokensBesideOthers() {
    return passLength.tokens();
  }

  @Override
  public float[][] pooled(EncoderBatch batch, Pooling pooling, int skipped) {
    LengthRuns runs = LengthRuns.of(batch, paddingStep, blueprint.embeddings().firstPosition());
    float[] flat =
        new float[Math.multiplyExact(batch.inputs(), blueprint.width())]; // [inputs, hidden]
    read(runs, flat, "pooled", arguments(runs).integer(scriptNumber(pooling)).integer(skipped));
    float[][] vectors = new float[batch.inputs()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[runs.order()[i]] = row(flat, i, blueprint.width());
    }
    return vectors;
  }

  @Override
  public float[][] hiddenStates(EncoderBatch batch) {
    LengthRuns runs = LengthRuns.of(batch, paddingStep, blueprint.embeddings().firstPosition());
    int hidden = blueprint.width();
    float[] flat =
        new float[Math.multiplyExact(runs.tokenIds().length, hidden)]; // [tokens, hidden]
    read(runs, flat, "hidden_states", arguments(runs));
    float[][] states = new float[batch.inputs()][];
    for (int i = 0; i < states.length; i++) {
      int length = batch.offsets()[i + 1] - batch.offsets()[i];
      int first = runs.firstTokens()[i];
      states[i] = Arrays.copyOfRange(flat, first * hidden, (first + length) * hidden);
    }
    return states;
  }

  @Override
  public float[][] maskedLanguageModelLogits(EncoderBatch batch, int[] rows) {
    return rowLogits(batch, rows, blueprint.vocabulary());
  }

  @Override
  public float[][] largestLogits(EncoderBatch batch) {
    LengthRuns runs = LengthRuns.of(batch, paddingStep, blueprint.embeddings().firstPosition());
    int outputs = blueprint.vocabulary();
    float[] flat = new float[Math.multiplyExact(batch.inputs(), outputs)]; // [inputs, vocabulary]
    read(runs, flat, "largest_logits", arguments(runs));
    float[][] logits = new float[batch.inputs()][];
    for (int i = 0; i < logits.length; i++) {
      logits[runs.order()[i]] = row(flat, i, outputs);
    }
    return logits;
  }

  @Override
  public float[][] textLogits(EncoderBatch batch) {
    if (!(blueprint.head() instanceof Head.SequenceClassifier head)) {
      throw new IllegalStateException("the model has no classifier of texts");
    }
    LengthRuns runs = LengthRuns.of(batch, paddingStep, blueprint.embeddings().firstPosition());
    int labels = head.labels().names().size();
    float[] flat = new float[Math.multiplyExact(batch.inputs(), labels)]; // [inputs, labels]
    read(
        runs,
        flat,
        "text_logits",
        arguments(runs).integer(scriptNumber(head.pooling())).flag(head.transformFirst()));
    float[][] logits = new float[batch.inputs()][];
    for (int i = 0; i < logits.length; i++) {
      logits[runs.order()[i]] = row(flat, i, labels);
    }
    return logits;
  }

  @Override
  public float[][] tokenLogits(EncoderBatch batch) {
    int labels =
        switch (blueprint.head()) {
          case Head.TokenClassifier head -> head.labels().names().size();
          case Head.QuestionAnswering _ -> 2;
          default -> throw new IllegalStateException("the model has no classifier of tokens");
        };
    int[] all = IntStream.range(0, batch.tokens()).toArray();
    float[][] rows = rowLogits(batch, all, labels);
    float[][] logits = new float[batch.inputs()][];
    for (int i = 0; i < logits.length; i++) {
      int first = batch.offsets()[i];
      logits[i] = new float[(batch.offsets()[i + 1] - first) * labels];
      for (int token = first; token < batch.offsets()[i + 1]; token++) {
        System.arraycopy(rows[token], 0, logits[i], (token - first) * labels, labels);
      }
    }
    return logits;
  }

  private float[][] rowLogits(EncoderBatch batch, int[] rows, int outputs) {
    LengthRuns runs = LengthRuns.of(batch, paddingStep, blueprint.embeddings().firstPosition());
    int[] moved = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int input = input(batch.offsets(), rows[i]);
      moved[i] = runs.firstTokens()[input] + rows[i] - batch.offsets()[input];
    }
    float[] flat = new float[Math.multiplyExact(rows.length, outputs)]; // [rows, outputs]
    read(runs, flat, "row_logits", arguments(runs).ints(moved, moved.length));
    float[][] logits = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      logits[i] = row(flat, i, outputs);
    }
    return logits;
  }

  /** The number that encoder.py gives a pooling. */
  private static long scriptNumber(Pooling pooling) {
    return switch (pooling) {
      case MEAN -> 0;
      case CLS -> 1;
      case LAST_TOKEN -> 2;
      case MAX -> 3;
      case MEAN_SQRT_LENGTH -> 4;
      case WEIGHTED_MEAN -> 5;
    };
  }

  private void read(LengthRuns runs, float[] target, String method, CallArguments arguments) {
    passLength.took(runs.tokenIds().length, module.read(target, method, arguments));
  }

  private CallArguments arguments(LengthRuns runs) {
    int tokens = runs.tokenIds().length;
    return module
        .arguments()
        .ints(runs.tokenIds(), tokens)
        .ints(runs.typeIds(), tokens)
        .ints(runs.places(), tokens)
        .integers(runs.runs())
        .ints(runs.lengths(), runs.lengths().length);
  }

  private static int input(int[] offsets, int row) {
    int found = Arrays.binarySearch(offsets, row);
    return found >= 0 ? found : -found - 2;
  }

  private static float[] row(float[] flat, int row, int width) {
    return Arrays.copyOfRange(flat, row * width, (row + 1) * width);
  }

  @Override
  public void close() {
    module.close();
    TorchRuntime.trimMemory();
  }
}
