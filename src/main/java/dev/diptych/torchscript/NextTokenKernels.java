package dev.diptych.torchscript;

import dev.diptych.kernel.DecoderShape;
import dev.diptych.kernel.DecoderWeights;
import dev.diptych.kernel.Int8Decoder;
import dev.diptych.kernel.KeyValueCache;
import dev.diptych.model.NextTokens;
import java.util.List;

/** Computes next tokens by {@link Int8Decoder} on the cache that the module fills from prompts. */
final class NextTokenKernels implements AutoCloseable {

  private final TorchRuntime runtime;
  private final ZeroedMemory weights;
  private final Int8Decoder decoder;

  private NextTokenKernels(TorchRuntime runtime, ZeroedMemory weights, Int8Decoder decoder) {
    this.runtime = runtime;
    this.weights = weights;
    this.decoder = decoder;
  }

  /** Copies the weights of an int8 module of llama.py. */
  static NextTokenKernels of(TorchRuntime runtime, TorchModule module, DecoderShape shape) {
    ZeroedMemory weights = ZeroedMemory.reserve(DecoderWeights.blockBytes(shape));
    try {
      module.prepare("export", module.arguments().tensors(weights.blocks())).close();
      DecoderWeights exported = new DecoderWeights(weights.addresses());
      return new NextTokenKernels(
          runtime, weights, new Int8Decoder(shape, exported, IntraOpThreads.AVAILABLE));
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /**
   * Runs the next tokens of slots.
   *
   * @param layers where the cache's layers are
   * @param capacity tokens of each of its slots
   * @param logits receives a row for each token from {@code firstLogit} on
   */
  void decode(
      NextTokens next, List<Long> layers, int slots, int capacity, float[] logits, int firstLogit) {
    int count = next.tokensOf(next.count());
    int[] slotOf = new int[count];
    int[] positions = new int[count];
    int token = 0;
    for (int slot = 0; slot < next.count(); slot++) {
      for (int i = 0; i < next.lengths()[slot]; i++) {
        slotOf[token] = next.first() + slot;
        positions[token++] = next.positions()[slot] + i;
      }
    }
    KeyValueCache cache =
        new KeyValueCache(
            layers.getFirst(),
            layers.size() > 1 ? layers.get(1) - layers.getFirst() : 0,
            slots,
            capacity);
    InferenceThread thread = runtime.inferenceThread();
    thread.call(
        () -> {
          decoder.step(
              next.tokens(), slotOf, positions, cache, logits, firstLogit, thread::together);
          return true;
        });
  }

  /** Frees the weights, which the module must not use any more. */
  @Override
  public void close() {
    decoder.close();
    weights.close();
  }
}
