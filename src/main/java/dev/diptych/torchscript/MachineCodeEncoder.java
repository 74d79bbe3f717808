package dev.diptych.torchscript;

import dev.diptych.kernel.EncoderShape;
import dev.diptych.kernel.EncoderWeights;
import dev.diptych.kernel.HiddenStates;
import dev.diptych.kernel.Int8Encoder;
import dev.diptych.kernel.ZeroedMemory;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderConfig;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.Pooling;
import java.util.function.Function;

/**
 * A BERT that libtorch has only made the int8 weights of; {@link Int8Encoder} computes it, on the
 * thread of all inference.
 */
final class MachineCodeEncoder implements EncoderModel {

  private final TorchRuntime runtime;
  private final PassLength passLength;
  private final EncoderConfig config;
  private final boolean masked;
  private final ZeroedMemory weights;
  private final Int8Encoder encoder;

  private MachineCodeEncoder(
      TorchRuntime runtime,
      EncoderConfig config,
      boolean masked,
      ZeroedMemory weights,
      Int8Encoder encoder) {
    this.runtime = runtime;
    this.passLength = new PassLength(runtime.inferenceThread());
    this.config = config;
    this.masked = masked;
    this.weights = weights;
    this.encoder = encoder;
  }

  /**
   * An encoder on weights that it closes in the end.
   *
   * @param bfloat16 whether the CPU multiplies bfloat16
   */
  static MachineCodeEncoder of(
      TorchRuntime runtime,
      EncoderConfig config,
      boolean masked,
      ZeroedMemory weights,
      boolean bfloat16) {
    try {
      EncoderWeights addresses = new EncoderWeights(weights.addresses());
      return new MachineCodeEncoder(
          runtime,
          config,
          masked,
          weights,
          new Int8Encoder(shape(config, masked), addresses, IntraOpThreads.WORKERS, bfloat16));
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /** Whether the weights can be handed over, and all else is given too. */
  static boolean supports(EncoderConfig config, boolean masked) {
    EncoderShape shape = shape(config, masked);
    return shape.isSupported()
        && EncoderWeights.blockBytes(shape).stream().allMatch(ZeroedMemory::supports);
  }

  static EncoderShape shape(EncoderConfig config, boolean masked) {
    return new EncoderShape(
        config.layers(),
        config.heads(),
        config.hiddenSize(),
        config.intermediateSize(),
        config.vocabularySize(),
        config.positions(),
        config.firstPosition(),
        Math.max(1, config.segments()),
        config.normEpsilon(),
        masked);
  }

  @Override
  public int hiddenSize() {
    return config.hiddenSize();
  }

  @Override
  public int vocabularySize() {
    return config.vocabularySize();
  }

  @Override
  public int maxInputTokens() {
    return config.maxInputTokens();
  }

  @Override
  public boolean hasMaskedLanguageModelHead() {
    return masked;
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
    int[] positions = batch.positions(config.firstPosition());
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
    float[][] logits = new float[rows.length][config.vocabularySize()];
    int[] positions = batch.positions(config.firstPosition());
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
  public void close() {
    encoder.close();
    weights.close();
    TorchRuntime.trimMemory();
  }
}
