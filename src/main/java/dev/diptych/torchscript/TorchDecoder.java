package dev.diptych.torchscript;

import dev.diptych.kernel.ZeroedMemory;
import dev.diptych.model.Backend;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decoder on libtorch; its forward pass is {@code decoder.py}. */
final class TorchDecoder implements DecoderModel {

  private final TorchModule module;
  private final Blueprint blueprint;
  private final Backend backend;
  private final int cacheElementBytes;
  private final boolean fused;
  private final boolean onCpu;
  private final boolean zeroedMemory;
  private @Nullable ZeroedMemory cacheMemory;
  private int[] written = {}; // tokens of each slot
  private int capacity;

  /**
   * A decoder around a module that {@code init} has filled.
   *
   * @param backend what is told of it
   * @param cacheElementBytes width of a key's or value's element
   * @param fused whether the cache and attention are those of fused.py
   * @param onCpu whether it is computed where Java's memory is and parts of a step can be computed
   *     beside each other
   * @param zeroedMemory whether the cache is taken from {@link ZeroedMemory}; else libtorch makes
   *     it
   */
  TorchDecoder(
      TorchModule module,
      Blueprint blueprint,
      Backend backend,
      int cacheElementBytes,
      boolean fused,
      boolean onCpu,
      boolean zeroedMemory) {
    this.module = module;
    this.blueprint = blueprint;
    this.backend = backend;
    this.cacheElementBytes = cacheElementBytes;
    this.fused = fused;
    this.onCpu = onCpu;
    this.zeroedMemory = zeroedMemory;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public int vocabularySize() {
    return blueprint.vocabulary();
  }

  @Override
  public int contextLength() {
    return blueprint.context();
  }

  @Override
  public long cacheBytesPerToken() {
    return 2L * cacheElementBytes * layers() * attention().keyValueWidth();
  }

  private int layers() {
    return blueprint.layers().size();
  }

  private Attention attention() {
    return blueprint.layers().getFirst().attention();
  }

  @Override
  public boolean commitsWhenWritten() {
    return fused && zeroedMemory;
  }

  @Override
  public void reserve(int slots, int length) {
    if (slots == written.length && length == capacity) {
      return;
    }
    int[] kept = written;
    written = new int[0]; // a failure leaves a cache of unknown shape
    capacity = 0;
    long layerBytes =
        Math.multiplyExact(
            cacheBytesPerToken() / layers(), Math.multiplyExact((long) slots, length));
    ZeroedMemory memory =
        zeroedMemory && ZeroedMemory.supports(layerBytes)
            ? ZeroedMemory.reserve(Collections.nCopies(layers(), layerBytes))
            : null;
    try {
      module.run(
          "reserve",
          module
              .arguments()
              .integer(slots)
              .integer(length)
              .tensors(memory == null ? List.of() : memory.blocks())
              .integers(Arrays.stream(kept).asLongStream().toArray()));
    } catch (RuntimeException | Error e) {
      release(memory);
      throw e;
    }
    release(cacheMemory);
    cacheMemory = memory;
    written = new int[slots];
    for (int slot = 0; slot < Math.min(slots, kept.length); slot++) {
      written[slot] = Math.min(kept[slot], length);
    }
    capacity = length;
  }

  private static void release(@Nullable ZeroedMemory memory) {
    if (memory != null) {
      memory.close();
    }
  }

  private void wrote(int slot, int end) {
    written[slot] = Math.max(written[slot], end);
  }

  @Override
  public int mostRowsWithDrafts() {
    return fused ? 2 * StepRows.TILE : StepRows.TILE;
  }

  @Override
  public void step(List<PromptChunk> chunks, NextTokens next, float[] logits) {
    for (PromptChunk chunk : chunks) {
      wrote(chunk.slot(), chunk.start() + chunk.tokens().length);
    }
    for (int slot = 0; slot < next.count(); slot++) {
      wrote(next.first() + slot, next.positions()[slot] + next.lengths()[slot]);
    }
    StepPart whole = StepPart.whole(chunks, next);
    List<StepPart> parts = onCpu ? whole.cut(IntraOpThreads.AVAILABLE) : List.of();
    module.run(
        "step",
        whole.rows(),
        call(whole, logits),
        parts.stream().map(part -> call(part, logits)).toList());
  }

  private TorchModule.Call call(StepPart part, float[] logits) {
    return new TorchModule.Call(
        () -> arguments(part),
        part.answers() == 0 ? null : values -> part.answer(values, logits, vocabularySize()));
  }

  private CallArguments arguments(StepPart part) {
    StepRows rows =
        StepRows.of(part.chunks(), part.next(), new SlotGroups.Attention(fused, capacity));
    return module
        .arguments()
        .ints(rows.tokens(), rows.tokens().length)
        .ints(rows.slots(), rows.slots().length)
        .ints(rows.positions(), rows.positions().length)
        .integers(rows.groups())
        .integers(rows.chunks())
        .ints(rows.wanted(), rows.wanted().length);
  }

  @Override
  public void copy(int from, int to, int length) {
    wrote(to, length);
    module.run("copy", module.arguments().integer(from).integer(to).integer(length));
  }

  /* Fused, the positions of a slot follow each other in each layer. */
  @Override
  public void truncate(int slot, int length) {
    written[slot] = Math.min(written[slot], length);
    if (fused && cacheMemory != null) {
      long positionBytes = cacheBytesPerToken() / layers();
      long first = ((long) slot * capacity + length) * positionBytes;
      for (long layer : cacheMemory.addresses()) {
        cacheMemory.discard(layer + first, (capacity - length) * positionBytes);
      }
    }
  }

  @Override
  public void close() {
    module.close();
    release(cacheMemory);
    TorchRuntime.trimMemory();
  }
}
