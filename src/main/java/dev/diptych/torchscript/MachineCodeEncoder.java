package dev.diptych.torchscript;

import dev.diptych.kernel.EncoderShape;
import dev.diptych.kernel.EncoderWeights;
import dev.diptych.kernel.HiddenStates;
import dev.diptych.kernel.Int8Encoder;
import dev.diptych.kernel.ZeroedMemory;
import dev.diptych.model.Backend;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Pooling;
import java.util.Optional;
import java.util.function.Function;

/**
 * A BERT that libtorch has only made the int8 weights of; {@link Int8Encoder} computes it, on the
 * thread of all inference.
 */
final class MachineCodeEncoder implements EncoderModel {

  private final TorchRuntime runtime;
  private final PassLength passLength;
  private final Blueprint blueprint;
  private final ZeroedMemory weights;
  private final Int8Encoder encoder;

  private MachineCodeEncoder(
      TorchRuntime runtime, Blueprint blueprint, ZeroedMemory weights, Int8Encoder encoder) {
    this.runtime = runtime;
    this.passLength = new PassLength(runtime.inferenceThread());
    this.blueprint = blueprint;
    this.weights = weights;
    this.encoder = encoder;
  }

  /**
   * An encoder on weights that it closes in the end.
   *
   * @param bfloat16 whether the CPU multiplies bfloat16
   */
  static MachineCodeEncoder of(
      TorchRuntime runtime, Blueprint blueprint, ZeroedMemory weights, boolean bfloat16) {
    try {
      EncoderWeights addresses = new EncoderWeights(weights.addresses());
      return new MachineCodeEncoder(
          runtime,
          blueprint,
          weights,
          new Int8Encoder(shape(blueprint), addresses, IntraOpThreads.WORKERS, bfloat16));
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /** Why machine code does not compute a blueprint; empty if it does. */
  static Optional<String> refusal(Blueprint blueprint) {
    Optional<String> refusal = MachineCodeRefusal.ofEncoder(blueprint);
    if (refusal.isPresent()) {
      return refusal;
    }
    EncoderShape shape = shape(blueprint);
    return shape.isSupported()
            && EncoderWeights.blockBytes(shape).stream().allMatch(ZeroedMemory::supports)
        ? Optional.empty()
        : Optional.of("no kernel for these sizes on this machine");
  }

  /** The sizes of a blueprint that is {@linkplain MachineCodeRefusal not refused}. */
  static EncoderShape shape(Blueprint blueprint) {
    Layer layer = blueprint.layers().getFirst();
    Embeddings embeddings = blueprint.embeddings();
    if (!(embeddings.norm() instanceof Norm.LayerNorm(double epsilon, boolean _))) {
      throw new IllegalArgumentException("not a BERT: " + blueprint.family());
    }
    return new EncoderShape(
        blueprint.layers().size(),
        layer.attention().heads(),
        blueprint.width(),
        layer.feedForward().width(),
        blueprint.vocabulary(),
        embeddings.positions(),
        embeddings.firstPosition(),
        Math.max(1, embeddings.types()),
        epsilon,
        blueprint.head() instanceof Head.MaskedLanguageModel);
  }

  @Override
  public int hiddenSize() {
    return blueprint.width();
  }

  @Override
  public Backend backend() {
    return Backend.MACHINE_CODE;
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
    return taken(
        batch,
        states -> {
          int last = states.tokens() - 1;
          int first = Math.min(skipped, last);
          return switch (pooling) {
            case MEAN -> states.mean(first);
            case CLS -> states.of(first);
            case LAST_TOKEN -> states.of(last);
            case MAX -> states.largest(first);
            case MEAN_SQRT_LENGTH -> states.meanBySquareRoot(first);
            case WEIGHTED_MEAN -> states.weightedMean(first);
          };
        });
  }

  @Override
  public float[][] hiddenStates(EncoderBatch batch) {
    return taken(batch, HiddenStates::all);
  }

  private float[][] taken(EncoderBatch batch, Function<HiddenStates, float[]> wanted) {
    float[][] values = new float[batch.inputs()][];
    int[] positions = batch.positions(blueprint.embeddings().firstPosition());
    InferenceThread thread = runtime.inferenceThread();
    thread.call(
        () -> {
          long begin = System.nanoTime();
          encoder.states(
              batch.tokenIds(),
              batch.typeIds(),
              positions,
              batch.offsets(),
              (input, states) -> values[input] = wanted.apply(states),
              thread::together);
          passLength.took(batch.tokens(), System.nanoTime() - begin);
          return true;
        });
    return values;
  }

  @Override
  public float[][] maskedLanguageModelLogits(EncoderBatch batch, int[] rows) {
    float[][] logits = new float[rows.length][blueprint.vocabulary()];
    int[] positions = batch.positions(blueprint.embeddings().firstPosition());
    InferenceThread thread = runtime.inferenceThread();
    thread.call(
        () -> {
          long begin = System.nanoTime();
          encoder.logits(
              batch.tokenIds(),
              batch.typeIds(),
              positions,
              batch.offsets(),
              rows,
              logits,
              thread::together);
          passLength.took(batch.tokens(), System.nanoTime() - begin);
          return true;
        });
    return logits;
  }

  @Override
  public float[][] largestLogits(EncoderBatch batch) {
    float[][] logits = new float[batch.inputs()][blueprint.vocabulary()];
    int[] positions = batch.positions(blueprint.embeddings().firstPosition());
    InferenceThread thread = runtime.inferenceThread();
    thread.call(
        () -> {
          long begin = System.nanoTime();
          encoder.largestLogits(
              batch.tokenIds(),
              batch.typeIds(),
              positions,
              batch.offsets(),
              logits,
              thread::together);
          passLength.took(batch.tokens(), System.nanoTime() - begin);
          return true;
        });
    return logits;
  }

  @Override
  public float[][] textLogits(EncoderBatch batch) {
    throw new IllegalStateException("the model has no classifier of texts");
  }

  @Override
  public float[][] tokenLogits(EncoderBatch batch) {
    throw new IllegalStateException("the model has no classifier of tokens");
  }

  @Override
  public void close() {
    encoder.close();
    weights.close();
    TorchRuntime.trimMemory();
  }
}
