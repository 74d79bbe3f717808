package dev.diptych.torchscript;

import dev.diptych.model.DecoderConfig;
import dev.diptych.model.DecoderModel;
import org.jspecify.annotations.Nullable;

/** A decoder on libtorch; its forward pass is {@code llama.py} or {@code gpt2.py}. */
final class TorchDecoder implements DecoderModel {

  private static final int BYTES_PER_ELEMENT = 4; // keys and values are float32

  private final TorchModule module;
  private final DecoderConfig config;
  private int slots;
  private int capacity;

  TorchDecoder(TorchModule module, DecoderConfig config) {
    this.module = module;
    this.config = config;
  }

  @Override
  public int vocabularySize() {
    return config.vocabularySize();
  }

  @Override
  public int contextLength() {
    return config.contextLength();
  }

  @Override
  public long cacheBytesPerToken() {
    return 2L
        * BYTES_PER_ELEMENT
        * config.layers()
        * config.keyValueHeads()
        * config.headDimension();
  }

  @Override
  public void reserve(int slots, int length) {
    if (slots == this.slots && length == capacity) {
      return;
    }
    this.slots = 0; // a failure leaves a cache of unknown shape
    this.capacity = 0;
    module.run("reserve", module.arguments().integer(slots).integer(length));
    this.slots = slots;
    this.capacity = length;
  }

  @Override
  public void prefill(int slot, int start, int[] tokens, int rows, float @Nullable [] logits) {
    CallArguments arguments =
        module.arguments().ints(tokens, tokens.length).integer(slot).integer(start).integer(rows);
    if (logits == null) {
      module.run("prefill", arguments);
      return;
    }
    module.read(logits, "prefill", arguments);
  }

  @Override
  public void decode(int count, int[] lengths, int[] tokens, int[] positions, float[] logits) {
    for (int slot = 0; slot < count; slot++) {
      if (lengths[slot] > 1) {
        throw new UnsupportedOperationException("several tokens of a slot in one step");
      }
    }
    module.read(
        logits,
        "decode",
        module
            .arguments()
            .ints(tokens, count)
            .ints(positions, count)
            .integers(SlotGroups.of(positions, count)));
  }

  @Override
  public void copy(int from, int to, int length) {
    module.run("copy", module.arguments().integer(from).integer(to).integer(length));
  }

  @Override
  public void close() {
    module.close();
    TorchRuntime.trimMemory();
  }
}
