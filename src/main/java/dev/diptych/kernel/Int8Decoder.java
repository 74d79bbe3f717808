package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A Llama whose weights are int8 in another basis, as llama.py with the int8 kernels of linear.py,
 * to rounding. What is computed for a token depends neither on what is computed beside it nor on
 * how its prompt was cut.
 */
public final class Int8Decoder implements AutoCloseable {

  private static final int MOST_ROWS = 128; // of a pass over the weights
  private static final int MANY_ROWS = 32; // take so long that others may not want to wait
  private static final int LAYERS_OF_A_STRETCH = 3;

  private final Arena arena = Arena.ofShared();
  private final DecoderShape shape;
  private final DecoderWeights weights;
  private final DecodeKernels kernels;
  private final DecodeBuffers buffers;
  private final DecodeBuffers buffersMeanwhile;
  private final KeyValueCache cache;
  private final int workers;
  private boolean standing; // a step that stands still has its values in buffers

  /**
   * A decoder on weights that others own, without room in its cache.
   *
   * @param shape one that is {@linkplain DecoderShape#isSupported supported}
   * @param workers threads of a step, at least 1
   * @param bfloat16 whether the CPU multiplies bfloat16 (AVX512-BF16)
   */
  public Int8Decoder(DecoderShape shape, DecoderWeights weights, int workers, boolean bfloat16) {
    this.shape = shape;
    this.weights = weights;
    this.workers = workers;
    PairProducts products = bfloat16 ? PairProducts.BFLOAT16 : PairProducts.FLOAT32;
    try {
      kernels = new DecodeKernels(shape, Native.getFloat(weights.spacing()), products, arena);
      int queries = kernels.attention.mostQueries();
      buffers = new DecodeBuffers(shape, MOST_ROWS, workers, queries);
      buffersMeanwhile = new DecodeBuffers(shape, MOST_ROWS, workers, queries);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
    cache = new KeyValueCache(shape.layers(), shape.keyValueHeads(), shape.headDimension());
  }

  /**
   * Makes room for {@code slots} sequences of {@code length} tokens.
   *
   * @param kept how many of the first tokens of each old slot are still wanted
   * @throws IllegalStateException if there is no room in the address space; then nothing changes
   */
  public void reserve(int slots, int length, int[] kept) {
    cache.reserve(slots, length, kept);
  }

  /** Copies the first {@code length} tokens of one slot over those of another. */
  public void copy(int from, int to, int length) {
    cache.copy(from, to, length);
  }

  /** Gives back the memory of a slot behind its first {@code length} tokens. */
  public void truncate(int slot, int length) {
    cache.truncate(slot, length);
  }

  /**
   * Writes the keys and values of tokens and computes what may follow some of them.
   *
   * @param tokens ids; those of a slot follow each other
   * @param slots of the tokens
   * @param positions of the tokens in their slots
   * @param wanted which tokens have their logits returned, in ascending order
   * @param logits receives {@code [wanted, vocabulary]}
   * @param together runs tasks beside each other, each on a thread of its own, and waits for all
   * @param meanwhile called now and then while a step of many tokens stands still; may copy slots
   *     and make steps, for other slots
   */
  public void step(
      int[] tokens,
      int[] slots,
      int[] positions,
      int[] wanted,
      float[] logits,
      Consumer<List<Runnable>> together,
      Runnable meanwhile) {
    int passes = Math.ceilDiv(tokens.length, MOST_ROWS);
    int answered = 0;
    for (int pass = 0; pass < passes; pass++) {
      int first = tokens.length * pass / passes;
      int end = tokens.length * (pass + 1) / passes;
      int[] wantedHere =
          Arrays.stream(wanted)
              .filter(row -> row >= first && row < end)
              .map(r -> r - first)
              .toArray();
      DecodeStep step =
          new DecodeStep(
              shape,
              weights,
              kernels,
              standing ? buffersMeanwhile : buffers,
              new DecodeRows(tokens, slots, positions, first, end - first),
              cache,
              new DecodeStep.Logits(
                  wantedHere, logits, Math.multiplyExact(answered, shape.vocabulary())),
              workers);
      answered += wantedHere.length;
      boolean mayStand = !standing && end - first >= MANY_ROWS;
      int stretch = mayStand ? LAYERS_OF_A_STRETCH : shape.layers();
      for (int layer = 0; layer < shape.layers(); layer += stretch) {
        if (layer > 0 || (pass > 0 && mayStand)) {
          standStill(meanwhile);
        }
        run(step, layer, Math.min(layer + stretch, shape.layers()), together);
      }
    }
  }

  private void standStill(Runnable meanwhile) {
    standing = true;
    try {
      meanwhile.run();
    } finally {
      standing = false;
    }
  }

  private void run(DecodeStep step, int from, int to, Consumer<List<Runnable>> together) {
    Team team = new Team();
    List<Runnable> tasks = new ArrayList<>();
    IntStream.range(0, workers)
        .forEach(number -> tasks.add(() -> step.run(team.new Worker(), number, from, to)));
    together.accept(tasks);
  }

  @Override
  public void close() {
    arena.close();
    cache.close();
    buffers.close();
    buffersMeanwhile.close();
  }
}
