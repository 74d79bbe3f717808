package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A BERT whose linear layers are int8, with inputs that are spread over blocks of 32 channels. What
 * is computed for an input does not depend on what is computed beside it.
 */
public final class Int8Encoder implements AutoCloseable {

  /*
   * Inputs go through all layers in groups. When there are enough of them every worker takes one after
   * the other, alone; else the workers share each.
   */

  private static final int ROWS_OF_A_GROUP = 128;

  private final Arena arena = Arena.ofShared();
  private final EncoderShape shape;
  private final EncoderWeights weights;
  private final EncodeKernels kernels;
  private final List<EncodeBuffers> buffers = new ArrayList<>(); // of each worker
  private final int workers;

  /**
   * An encoder on weights that others own.
   *
   * @param shape one that is {@linkplain EncoderShape#isSupported supported}
   * @param workers threads of a pass, at least 1
   * @param bfloat16 whether the CPU multiplies bfloat16 (AVX512-BF16)
   */
  public Int8Encoder(EncoderShape shape, EncoderWeights weights, int workers, boolean bfloat16) {
    this.shape = shape;
    this.weights = weights;
    this.workers = workers;
    PairProducts products = bfloat16 ? PairProducts.BFLOAT16 : PairProducts.FLOAT32;
    int rows = Math.max(ROWS_OF_A_GROUP, shape.maxInputTokens());
    try {
      kernels = new EncodeKernels(shape, products, arena);
      for (int worker = 0; worker < workers; worker++) {
        buffers.add(new EncodeBuffers(shape, rows, workers, kernels.attention.size()));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Takes the last hidden states of an input, on any thread. */
  public interface Taker {

    /**
     * Called once for each input.
     *
     * @param input its number
     * @param states valid until this returns
     */
    void take(int input, HiddenStates states);
  }

  /**
   * Computes the last hidden states.
   *
   * @param tokens ids of all inputs, one after the other
   * @param segments of the tokens
   * @param positions of the tokens
   * @param offsets where each input begins, and the end
   * @param taker takes those of each input
   * @param together runs tasks beside each other, each on a thread of its own, and waits for all
   */
  public void states(
      int[] tokens,
      int[] segments,
      int[] positions,
      int[] offsets,
      Taker taker,
      Consumer<List<Runnable>> together) {
    run(
        groups(tokens, segments, positions, offsets),
        together,
        (step, inputs, worker, number) -> step.run(worker, number, taker));
  }

  /**
   * Computes vocabulary logits.
   *
   * @param wanted tokens whose logits are returned, each once
   * @param logits receive them, {@code [wanted][vocabulary]}
   */
  public void logits(
      int[] tokens,
      int[] segments,
      int[] positions,
      int[] offsets,
      int[] wanted,
      float[][] logits,
      Consumer<List<Runnable>> together) {
    run(
        groups(tokens, segments, positions, offsets),
        together,
        (step, inputs, worker, number) -> step.run(worker, number, in(inputs, wanted, logits)));
  }

  /**
   * Computes the largest vocabulary logits among the tokens of each input.
   *
   * @param logits receive them, {@code [inputs][vocabulary]}
   */
  public void largestLogits(
      int[] tokens,
      int[] segments,
      int[] positions,
      int[] offsets,
      float[][] logits,
      Consumer<List<Runnable>> together) {
    for (float[] ofInput : logits) {
      Arrays.fill(ofInput, Float.NEGATIVE_INFINITY);
    }
    run(
        groups(tokens, segments, positions, offsets),
        together,
        (step, inputs, worker, number) -> step.run(worker, number, all(inputs, logits)));
  }

  private static EncodeStep.Wanted all(EncodeStep.Inputs inputs, float[][] logits) {
    int[] rows = new int[inputs.rows()];
    float[][] arrays = new float[rows.length][];
    for (int input = inputs.first(); input < inputs.end(); input++) {
      for (int token = 0; token < inputs.length(input); token++) {
        int row = inputs.row(input) + token;
        rows[row] = row;
        arrays[row] = logits[input];
      }
    }
    return new EncodeStep.Wanted(rows, arrays, true);
  }

  private static EncodeStep.Wanted in(EncodeStep.Inputs inputs, int[] wanted, float[][] logits) {
    int begin = inputs.offsets()[inputs.first()];
    int[] here = new int[wanted.length];
    float[][] arrays = new float[wanted.length][];
    int count = 0;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] >= begin && wanted[i] < begin + inputs.rows()) {
        here[count] = wanted[i] - begin;
        arrays[count++] = logits[i];
      }
    }
    if (count > inputs.rows()) {
      throw new IllegalArgumentException("a token is wanted more than once");
    }
    return new EncodeStep.Wanted(Arrays.copyOf(here, count), Arrays.copyOf(arrays, count), false);
  }

  private interface Work {
    void run(EncodeStep step, EncodeStep.Inputs inputs, Team.Worker worker, int number);
  }

  private void run(List<EncodeStep.Inputs> groups, Consumer<List<Runnable>> together, Work work) {
    if (groups.size() < workers) {
      for (EncodeStep.Inputs group : groups) {
        Team team = new Team();
        EncodeStep step = step(group, 0, workers);
        together.accept(tasks(number -> work.run(step, group, team.new Worker(), number)));
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    together.accept(
        tasks(
            number -> {
              for (int i = next.getAndIncrement(); i < groups.size(); i = next.getAndIncrement()) {
                EncodeStep.Inputs group = groups.get(i);
                Team team = new Team();
                work.run(step(group, number, 1), group, team.new Worker(), 0);
              }
            }));
  }

  private List<Runnable> tasks(Consumer<Integer> ofWorker) {
    List<Runnable> tasks = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      int number = worker;
      tasks.add(() -> ofWorker.accept(number));
    }
    return tasks;
  }

  private EncodeStep step(EncodeStep.Inputs group, int buffersOf, int team) {
    return new EncodeStep(shape, weights, kernels, buffers.get(buffersOf), group, team);
  }

  /* Of about equal size, as many as are good for the workers. */
  private List<EncodeStep.Inputs> groups(
      int[] tokens, int[] segments, int[] positions, int[] offsets) {
    int inputs = offsets.length - 1;
    int total = offsets[inputs];
    int count = Math.ceilDiv(total, ROWS_OF_A_GROUP);
    if (count > 1) {
      count = Math.ceilDiv(count, workers) * workers;
    }
    List<EncodeStep.Inputs> groups = new ArrayList<>();
    int first = 0;
    for (int input = 0; input < inputs; input++) {
      int rows = offsets[input + 1] - offsets[first];
      boolean tooMany = rows > Math.max(ROWS_OF_A_GROUP, offsets[input + 1] - offsets[input]);
      if (input > first && (tooMany || (long) rows * count > total + count)) {
        groups.add(new EncodeStep.Inputs(tokens, segments, positions, offsets, first, input));
        first = input;
      }
    }
    groups.add(new EncodeStep.Inputs(tokens, segments, positions, offsets, first, inputs));
    return groups;
  }

  @Override
  public void close() {
    arena.close();
    buffers.forEach(EncodeBuffers::close);
  }
}
