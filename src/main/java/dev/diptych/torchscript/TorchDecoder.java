package dev.diptych.torchscript;

import dev.diptych.model.DecoderConfig;
import dev.diptych.model.DecoderModel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A decoder on libtorch; its forward pass is {@code llama.py} or {@code gpt2.py}. */
final class TorchDecoder implements DecoderModel {

  private static final int TILE = 16;

  private final TorchModule module;
  private final DecoderConfig config;
  private final int cacheElementBytes;
  private int slots;
  private int capacity;

  /**
   * A decoder around a module that {@code init} has filled.
   *
   * @param cacheElementBytes width of a key's or value's element
   */
  TorchDecoder(TorchModule module, DecoderConfig config, int cacheElementBytes) {
    this.module = module;
    this.config = config;
    this.cacheElementBytes = cacheElementBytes;
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
        * cacheElementBytes
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
    int[] padded = Arrays.copyOf(tokens, padded(start, tokens.length));
    CallArguments arguments =
        module
            .arguments()
            .ints(padded, padded.length)
            .integer(slot)
            .integer(start)
            .integer(tokens.length)
            .integer(rows);
    if (logits == null) {
      module.run("prefill", arguments);
      return;
    }
    module.read(logits, "prefill", arguments);
  }

  /* A multiple of a tile's rows where there is room, as oneDNN compiles kernels for every new size. */
  private int padded(int start, int tokens) {
    int padded = Math.ceilDiv(tokens, TILE) * TILE;
    return start + padded <= capacity ? padded : tokens;
  }

  @Override
  public void decode(int count, int[] lengths, int[] tokens, int[] positions, float[] logits) {
    int total = Arrays.stream(lengths, 0, count).sum();
    int[] slots = new int[total];
    int[] places = new int[total];
    int next = 0;
    for (int slot = 0; slot < count; slot++) {
      for (int i = 0; i < lengths[slot]; i++) {
        slots[next] = slot;
        places[next++] = positions[slot] + i;
      }
    }
    module.read(
        logits,
        "decode",
        module
            .arguments()
            .ints(tokens, total)
            .ints(slots, total)
            .ints(places, total)
            .integers(SlotGroups.of(count, lengths, positions, total)));
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
