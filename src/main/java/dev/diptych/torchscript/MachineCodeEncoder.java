package dev.diptych.torchscript;

import dev.diptych.kernel.EncoderShape;
import dev.diptych.kernel.EncoderWeights;
import dev.diptych.kernel.Int8Encoder;
import dev.diptych.kernel.ZeroedMemory;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderConfig;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.Pooling;
import java.util.Arrays;

/**
 * A BERT that libtorch has only made the int8 weights of; {@link Int8Encoder} computes it, on the
 * thread of all inference.
 */
final class MachineCodeEncoder implements EncoderModel {

  private final TorchRuntime runtime;
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
    this.config = config;
    this.masked = masked;
    this.weights = weights;
    this.encoder = encoder;
  }

  /**
   * Takes the weights of a module of bert.py, which is not needed any more then.
   *
   * @param bfloat16 whether the CPU multiplies bfloat16
   */
  static MachineCodeEncoder of(
      TorchRuntime runtime,
      TorchModule module,
      EncoderConfig config,
      boolean masked,
      boolean bfloat16) {
    EncoderShape shape = shape(config, masked);
    ZeroedMemory weights = ZeroedMemory.reserveForWeights(EncoderWeights.blockBytes(shape));
    try {
      module.prepare("export", module.arguments().tensors(weights.blocks())).close();
      EncoderWeights exported = new EncoderWeights(weights.addresses());
      return new MachineCodeEncoder(
          runtime,
          config,
          masked,
          weights,
          new Int8Encoder(shape, exported, IntraOpThreads.WORKERS, bfloat16));
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

  private static EncoderShape shape(EncoderConfig config, boolean masked) {
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
  public float[][] pooled(EncoderBatch batch, Pooling pooling) {
    float[][] vectors = hiddenStates(batch);
    int hidden = config.hiddenSize();
    for (int i = 0; i < vectors.length; i++) {
      float[] states = vectors[i];
      vectors[i] =
          switch (pooling) {
            case MEAN -> mean(states, hidden);
            case CLS -> Arrays.copyOf(states, hidden);
            case LAST_TOKEN -> Arrays.copyOfRange(states, states.length - hidden, states.length);
          };
    }
    return vectors;
  }

  private static float[] mean(float[] states, int hidden) {
    float[] mean = new float[hidden];
    for (int first = 0; first < states.length; first += hidden) {
      for (int i = 0; i < hidden; i++) {
        mean[i] += states[first + i];
      }
    }
    float share = (float) hidden / states.length;
    for (int i = 0; i < hidden; i++) {
      mean[i] *= share;
    }
    return mean;
  }

  @Override
  public float[][] hiddenStates(EncoderBatch batch) {
    float[][] states = new float[batch.inputs()][];
    InferenceThread thread = runtime.inferenceThread();
    thread.call(
        () -> {
          encoder.states(
              batch.tokenIds(),
              batch.typeIds(),
              batch.offsets(),
              (input, ofInput) -> states[input] = ofInput,
              thread::together);
          return true;
        });
    return states;
  }

  @Override
  public float[][] maskedLanguageModelLogits(EncoderBatch batch, int[] rows) {
    float[][] logits = new float[rows.length][config.vocabularySize()];
    InferenceThread thread = runtime.inferenceThread();
    thread.call(
        () -> {
          encoder.logits(
              batch.tokenIds(), batch.typeIds(), batch.offsets(), rows, logits, thread::together);
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
