package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decodes next tokens of a Llama whose weights are int8 in another basis, as llama.py with the
 * kernels 3 and 4 of linear.py: the same products to the bit, the rest to rounding. A token's
 * logits do not depend on what is computed beside it.
 */
public final class Int8Decoder implements AutoCloseable {

  private static final int MOST_ROWS = 64; // of a pass over the weights

  private final Arena arena = Arena.ofShared();
  private final DecoderShape shape;
  private final DecoderWeights weights;
  private final DecodeKernels kernels;
  private final DecodeBuffers buffers;
  private final int workers;

  /**
   * A decoder on memory that others own.
   *
   * @param shape one that is {@linkplain DecoderShape#isSupported supported}
   * @param workers threads of a step, at least 1
   * @throws IllegalStateException if the system does not allow code to be made at run time
   */
  public Int8Decoder(DecoderShape shape, DecoderWeights weights, int workers) {
    this.shape = shape;
    this.weights = weights;
    this.workers = workers;
    this.kernels = new DecodeKernels(shape, Native.getFloat(weights.spacing()), arena);
    this.buffers = new DecodeBuffers(shape, MOST_ROWS, workers, arena);
  }

  /**
   * Writes the keys and values of tokens and computes what may follow them.
   *
   * @param tokens ids; those of a slot follow each other
   * @param slots of the tokens
   * @param positions of the tokens in their slots
   * @param logits receives {@code [tokens, vocabulary]} from {@code firstLogit} on
   * @param together runs tasks beside each other, each on a thread of its own, and waits for all
   */
  public void step(
      int[] tokens,
      int[] slots,
      int[] positions,
      KeyValueCache cache,
      float[] logits,
      int firstLogit,
      Consumer<List<Runnable>> together) {
    for (int first = 0; first < tokens.length; first += MOST_ROWS) {
      int rows = Math.min(MOST_ROWS, tokens.length - first);
      DecodeStep step =
          new DecodeStep(
              shape,
              weights,
              kernels,
              buffers,
              new DecodeStep.Rows(tokens, slots, positions, first, rows),
              cache,
              new DecodeStep.Logits(logits, firstLogit + first * shape.vocabulary()),
              workers);
      Team team = new Team();
      List<Runnable> tasks = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        int number = worker;
        tasks.add(() -> step.run(team.new Worker(), number));
      }
      together.accept(tasks);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
