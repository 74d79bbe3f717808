package dev.diptych.torchscript;

import dev.diptych.kernel.DecoderShape;
import dev.diptych.kernel.DecoderWeights;
import dev.diptych.kernel.Int8Decoder;
import dev.diptych.kernel.ZeroedMemory;
import dev.diptych.model.Backend;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A Llama that libtorch has only made the int8 weights of; {@link Int8Decoder} computes it, on the
 * thread of all inference.
 */
final class MachineCodeDecoder implements DecoderModel {

  private static final int MOST_ROWS_WITH_DRAFTS = 16;

  private final TorchRuntime runtime;
  private final DecoderShape shape;
  private final ZeroedMemory weights;
  private final Int8Decoder decoder;
  private int[] written = {}; // most tokens that each slot has had
  private int capacity;

  private MachineCodeDecoder(
      TorchRuntime runtime, DecoderShape shape, ZeroedMemory weights, Int8Decoder decoder) {
    this.runtime = runtime;
    this.shape = shape;
    this.weights = weights;
    this.decoder = decoder;
  }

  /**
   * A decoder on weights that it closes in the end.
   *
   * @param bfloat16 whether the CPU multiplies bfloat16
   */
  static MachineCodeDecoder of(
      TorchRuntime runtime, DecoderShape shape, ZeroedMemory weights, boolean bfloat16) {
    try {
      DecoderWeights addresses = new DecoderWeights(weights.addresses());
      return new MachineCodeDecoder(
          runtime,
          shape,
          weights,
          new Int8Decoder(shape, addresses, IntraOpThreads.WORKERS, bfloat16));
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /** Why machine code does not compute a blueprint; empty if it does. */
  static Optional<String> refusal(Blueprint blueprint) {
    Optional<String> refusal = MachineCodeRefusal.ofDecoder(blueprint);
    if (refusal.isPresent()) {
      return refusal;
    }
    DecoderShape shape = shape(blueprint);
    return shape.isSupported()
            && DecoderWeights.blockBytes(shape).stream().allMatch(ZeroedMemory::supports)
        ? Optional.empty()
        : Optional.of("no kernel for these sizes on this machine");
  }

  /** The sizes of a blueprint that is {@linkplain MachineCodeRefusal not refused}. */
  static DecoderShape shape(Blueprint blueprint) {
    Layer layer = blueprint.layers().getFirst();
    Attention attention = layer.attention();
    if (!(blueprint.finalNorm() instanceof Norm.RootMeanSquare(double epsilon, boolean _))
        || !(attention.positions() instanceof Positions.Rotary(var rotary, var _))) {
      throw new IllegalArgumentException("not a Llama: " + blueprint.family());
    }
    return new DecoderShape(
        blueprint.layers().size(),
        attention.heads(),
        attention.keyValueHeads(),
        attention.headWidth(),
        blueprint.width(),
        layer.feedForward().width(),
        blueprint.vocabulary(),
        blueprint.context(),
        epsilon,
        rotary.frequencies());
  }

  @Override
  public Backend backend() {
    return Backend.MACHINE_CODE;
  }

  @Override
  public int vocabularySize() {
    return shape.vocabulary();
  }

  @Override
  public int contextLength() {
    return shape.contextLength();
  }

  @Override
  public long cacheBytesPerToken() {
    return 2L * Short.BYTES * shape.layers() * shape.keyValueHeads() * shape.headDimension();
  }

  @Override
  public boolean commitsWhenWritten() {
    return true;
  }

  @Override
  public int mostRowsWithDrafts() {
    return MOST_ROWS_WITH_DRAFTS;
  }

  @Override
  public void reserve(int slots, int length) {
    if (slots == written.length && length == capacity) {
      return;
    }
    decoder.reserve(slots, length, written);
    int[] kept = written;
    written = new int[slots];
    for (int slot = 0; slot < Math.min(slots, kept.length); slot++) {
      written[slot] = Math.min(kept[slot], length);
    }
    capacity = length;
  }

  @Override
  public void step(List<PromptChunk> chunks, NextTokens next, float[] logits) {
    step(chunks, next, logits, () -> {});
  }

  @Override
  public void step(List<PromptChunk> chunks, NextTokens next, float[] logits, Runnable meanwhile) {
    int rows =
        chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum()
            + next.tokensOf(next.count());
    int[] tokens = new int[rows];
    int[] slots = new int[rows];
    int[] positions = new int[rows];
    int[] wanted = new int[rows];
    int row = 0;
    int answers = 0;
    for (PromptChunk chunk : chunks) {
      int count = chunk.tokens().length;
      for (int i = 0; i < count; i++) {
        tokens[row] = chunk.tokens()[i];
        slots[row] = chunk.slot();
        positions[row] = chunk.start() + i;
        if (i >= count - chunk.rows()) {
          wanted[answers++] = row;
        }
        row++;
      }
      wrote(chunk.slot(), chunk.start() + count);
    }
    int token = 0;
    for (int i = 0; i < next.count(); i++) {
      for (int k = 0; k < next.lengths()[i]; k++) {
        tokens[row] = next.tokens()[token++];
        slots[row] = next.first() + i;
        positions[row] = next.positions()[i] + k;
        wanted[answers++] = row++;
      }
      wrote(next.first() + i, next.positions()[i] + next.lengths()[i]);
    }
    int[] answered = Arrays.copyOf(wanted, answers);
    InferenceThread thread = runtime.inferenceThread();
    thread.call(
        () -> {
          decoder.step(tokens, slots, positions, answered, logits, thread::together, meanwhile);
          return true;
        });
  }

  private void wrote(int slot, int end) {
    written[slot] = Math.max(written[slot], end);
  }

  @Override
  public void copy(int from, int to, int length) {
    wrote(to, length);
    decoder.copy(from, to, length);
  }

  @Override
  public void truncate(int slot, int length) {
    written[slot] = Math.min(written[slot], length);
    decoder.truncate(slot, length);
  }

  @Override
  public void close() {
    decoder.close();
    weights.close();
    TorchRuntime.trimMemory();
  }
}
