package dev.diptych.kernel;

/** A pass of some inputs through an encoder; every worker of its team runs it beside the others. */
final class EncodeStep {

  private static final int QKV = 0;
  private static final int OUT = 1;
  private static final int UP = 2;
  private static final int DOWN = 3;
  private static final int ROWS_OF_A_TASK = 4;

  /**
   * Inputs of a pass, one after the other.
   *
   * @param tokens ids of all inputs of the batch
   * @param segments of these tokens
   * @param offsets where each input of the batch begins among them, and the end
   * @param first input of this pass
   * @param end behind its last one
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Inputs(int[] tokens, int[] segments, int[] offsets, int first, int end) {

    int rows() {
      return offsets[end] - offsets[first];
    }

    int row(int input) {
      return offsets[input] - offsets[first];
    }

    int length(int input) {
      return offsets[input + 1] - offsets[input];
    }
  }

  /** What takes the last states of an input, {@code [tokens, hidden]}, on any worker's thread. */
  interface Taker {
    void take(int input, float[] states);
  }

  /**
   * Where vocabulary logits go.
   *
   * @param rows tokens of this pass whose logits are wanted
   * @param arrays receive them, {@code [vocabulary]} each
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Wanted(int[] rows, float[][] arrays) {}

  private final EncoderShape shape;
  private final EncoderWeights weights;
  private final EncodeKernels kernels;
  private final EncodeBuffers buffers;
  private final Inputs inputs;
  private final int workers;

  EncodeStep(
      EncoderShape shape,
      EncoderWeights weights,
      EncodeKernels kernels,
      EncodeBuffers buffers,
      Inputs inputs,
      int workers) {
    this.shape = shape;
    this.weights = weights;
    this.kernels = kernels;
    this.buffers = buffers;
    this.inputs = inputs;
    this.workers = workers;
  }

  /** Computes the states and hands those of each input over. */
  void run(Team.Worker worker, int number, Taker taker) {
    states(worker, number);
    worker.phase(
        inputs.end() - inputs.first(),
        task -> {
          int input = inputs.first() + task;
          float[] states = new float[inputs.length(input) * shape.hidden()];
          Native.copy(stream(inputs.row(input)), states, 0, states.length);
          taker.take(input, states);
        });
  }

  /** Computes the states and the logits of some tokens. */
  void run(Team.Worker worker, int number, Wanted wanted) {
    states(worker, number);
    if (wanted.rows().length > 0) {
      head(worker, number, wanted);
    }
  }

  private void states(Team.Worker worker, int number) {
    byRows(worker, inputs.rows(), this::begin);
    for (int layer = 0; layer < shape.layers(); layer++) {
      int i = layer;
      byRows(worker, inputs.rows(), (first, count) -> roundStream(2 * i, first, count));
      linear(worker, kernels.qkv, shape.qkv(), weights.linear(i, QKV), buffers.qkv);
      worker.phase(
          (inputs.end() - inputs.first()) * shape.heads(),
          task -> attend(inputs.first() + task / shape.heads(), task % shape.heads(), number));
      byRows(
          worker,
          inputs.rows(),
          (first, count) -> round(buffers.attended, shape.hidden(), first, count));
      linear(worker, kernels.out, shape.out(), weights.linear(i, OUT), buffers.stream);
      byRows(worker, inputs.rows(), (first, count) -> roundStream(2 * i + 1, first, count));
      up(worker, weights.linear(i, UP));
      byRows(
          worker,
          inputs.rows(),
          (first, count) -> round(buffers.up, shape.intermediate(), first, count));
      linear(worker, kernels.down, shape.down(), weights.linear(i, DOWN), buffers.stream);
    }
    byRows(worker, inputs.rows(), (first, count) -> normalise(2 * shape.layers(), first, count));
  }

  private interface SomeRows {
    void run(int first, int count);
  }

  private static void byRows(Team.Worker worker, int rows, SomeRows work) {
    worker.phase(
        Math.ceilDiv(rows, ROWS_OF_A_TASK),
        task -> {
          int first = task * ROWS_OF_A_TASK;
          work.run(first, Math.min(ROWS_OF_A_TASK, rows - first));
        });
  }

  private long stream(int row) {
    return buffers.stream + (long) row * shape.hidden() * Float.BYTES;
  }

  private void begin(int first, int count) {
    long rowBytes = (long) shape.hidden() * Short.BYTES;
    int input = inputs.first();
    for (int row = first; row < first + count; row++) {
      while (inputs.row(input + 1) <= row) {
        input++;
      }
      int token = inputs.offsets()[inputs.first()] + row;
      int position = shape.firstPosition() + row - inputs.row(input);
      int segment = Math.min(inputs.segments()[token], shape.segments() - 1);
      kernels.embed.apply(
          weights.tokens() + inputs.tokens()[token] * rowBytes,
          weights.positions() + position * rowBytes,
          weights.segments() + segment * rowBytes,
          stream(row),
          shape.hidden() / LinearKernel.BLOCK);
    }
  }

  private void normalise(int norm, int first, int count) {
    kernels.norm.apply(stream(first), weights.norm(norm, shape.hidden()), count);
  }

  private void roundStream(int norm, int first, int count) {
    normalise(norm, first, count);
    round(buffers.stream, shape.hidden(), first, count);
  }

  /* Spreads rows and makes them the input of the next linear layer. */
  private void round(long rows, int width, int first, int count) {
    long offset = (long) first * width * Float.BYTES;
    kernels.spread.apply(
        rows + offset, buffers.spread + offset, (long) count * width / SpreadKernel.BLOCK);
    (width == shape.hidden() ? kernels.quantiseHidden : kernels.quantiseIntermediate)
        .quantise(
            buffers.spread + offset,
            buffers.input + (long) first * width,
            buffers.rowScales + (long) first * RowScales.BYTES,
            count);
  }

  private interface Blocks {
    void run(int first, int count);
  }

  private void byBlocks(Team.Worker worker, Linear linear, Blocks work) {
    int tasks = Math.min(linear.blocks(), workers);
    worker.phase(
        tasks,
        task -> {
          int first = linear.blocks() * task / tasks;
          work.run(first, linear.blocks() * (task + 1) / tasks - first);
        });
  }

  private void linear(
      Team.Worker worker, LinearKernels kernel, Linear linear, long panels, long output) {
    byBlocks(
        worker,
        linear,
        (first, count) ->
            multiply(kernel, linear, inputs.rows(), panels, first, count, block(output, first)));
  }

  private static long block(long output, int block) {
    return output + (long) block * LinearKernel.BLOCK * Float.BYTES;
  }

  private void multiply(
      LinearKernels kernel,
      Linear linear,
      int rows,
      long panels,
      int first,
      int blocks,
      long output) {
    kernel.multiply(
        rows,
        panels + first * linear.panelBytes(),
        buffers.input,
        output,
        blocks,
        linear.scales(panels, first),
        buffers.rowScales);
  }

  private void up(Team.Worker worker, long panels) {
    byBlocks(
        worker,
        shape.up(),
        (first, count) -> {
          long output = block(buffers.up, first);
          multiply(kernels.up, shape.up(), inputs.rows(), panels, first, count, output);
          for (int row = 0; row < inputs.rows(); row++) {
            kernels.gelu.apply(output + (long) row * shape.intermediate() * Float.BYTES, count);
          }
        });
  }

  /* A head of an input: its keys and values are laid out for attention, then all its tokens attend. */
  private void attend(int input, int head, int number) {
    int d = shape.headDimension();
    int length = inputs.length(input);
    long rowBytes = 3L * shape.hidden() * Float.BYTES;
    long queries = buffers.qkv + inputs.row(input) * rowBytes + (long) head * d * Float.BYTES;
    long blocks = buffers.cached(number);
    for (int i = 0; i + 1 < length; i += KeyValueCache.POSITIONS) {
      kernels.cache.apply(
          queries + i * rowBytes,
          KeyValueCache.key(blocks, i, d),
          KeyValueCache.value(blocks, i, d),
          Math.min(KeyValueCache.POSITIONS, length - i) / 2);
    }
    if (length % 2 == 1) {
      long query = queries + (length - 1) * rowBytes;
      long key = query + (long) shape.hidden() * Float.BYTES;
      kernels.cacheLast.rotate(
          query,
          key,
          key + (long) shape.hidden() * Float.BYTES,
          buffers.angles,
          KeyValueCache.key(blocks, length - 1, d),
          KeyValueCache.value(blocks, length - 1, d));
    }
    long output = stream(inputs.row(input)) - buffers.stream + buffers.attended;
    output += (long) head * d * Float.BYTES;
    int most = kernels.attention.size();
    int parts = Math.ceilDiv(length, most);
    for (int part = 0; part < parts; part++) {
      int first = length * part / parts;
      int tokens = length * (part + 1) / parts - first;
      kernels
          .attention
          .get(tokens - 1)
          .attend(
              queries + first * rowBytes,
              blocks,
              length,
              buffers.scores(number),
              output + (long) first * shape.hidden() * Float.BYTES);
    }
  }

  /* The wanted rows go where attention's output was, one below the other. */
  private void head(Team.Worker worker, int number, Wanted wanted) {
    int count = wanted.rows().length;
    int hidden = shape.hidden();
    worker.phase(
        1,
        _ -> {
          for (int i = 0; i < count; i++) {
            long row = buffers.attended + (long) i * hidden * Float.BYTES;
            Native.copy(stream(wanted.rows()[i]), row, (long) hidden * Float.BYTES);
          }
          round(buffers.attended, hidden, 0, count);
        });
    byBlocks(
        worker,
        shape.out(),
        (first, blocks) ->
            multiply(
                kernels.transform,
                shape.out(),
                count,
                weights.transform(),
                first,
                blocks,
                block(buffers.attended, first)));
    worker.phase(
        1,
        _ -> {
          kernels.gelu.apply(buffers.attended, (long) count * hidden / LinearKernel.BLOCK);
          kernels.norm.apply(buffers.attended, weights.norm(2 * shape.layers() + 1, hidden), count);
          round(buffers.attended, hidden, 0, count);
        });
    int blocksOfTask = EncodeKernels.HEAD_OUTPUTS / LinearKernel.BLOCK;
    worker.phase(
        Math.ceilDiv(shape.head().blocks(), blocksOfTask),
        task -> {
          int first = task * blocksOfTask;
          int blocks = Math.min(blocksOfTask, shape.head().blocks() - first);
          long output = buffers.logits(number);
          multiply(kernels.head, shape.head(), count, weights.head(), first, blocks, output);
          int token = first * LinearKernel.BLOCK;
          for (int i = 0; i < count; i++) {
            Native.copy(
                output + (long) i * EncodeKernels.HEAD_OUTPUTS * Float.BYTES,
                wanted.arrays()[i],
                token,
                Math.min(EncodeKernels.HEAD_OUTPUTS, shape.vocabulary() - token));
          }
        });
  }
}
