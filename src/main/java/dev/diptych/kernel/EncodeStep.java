package dev.diptych.kernel;

/** A pass of some inputs through an encoder; every worker of its team runs it beside the others. */
final class EncodeStep {

  /*
   * A worker that is alone takes all rows of few tokens through the layers between two attentions, so
   * that what lies between the layers stays in its caches. Several share out each layer.
   */

  private static final int QKV = 0;
  private static final int OUT = 1;
  private static final int UP = 2;
  private static final int DOWN = 3;
  private static final int ROWS_OF_A_TASK = 4;
  private static final int ROWS_OF_A_TILE = LinearKernel.MOST_ROWS;

  /**
   * Inputs of a pass, one after the other.
   *
   * @param tokens ids of all inputs of the batch
   * @param segments of these tokens
   * @param positions of these tokens
   * @param offsets where each input of the batch begins among them, and the end
   * @param first input of this pass
   * @param end behind its last one
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Inputs(int[] tokens, int[] segments, int[] positions, int[] offsets, int first, int end) {

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

  /**
   * Where vocabulary logits go.
   *
   * @param rows tokens of this pass whose logits are wanted
   * @param arrays receive them, {@code [vocabulary]} each
   * @param onlyLargest whether an array, which may be that of several rows, keeps what is larger
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Wanted(int[] rows, float[][] arrays, boolean onlyLargest) {}

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
  void run(Team.Worker worker, int number, Int8Encoder.Taker taker) {
    new Pass(worker, number).run(taker);
  }

  /** Computes the states and the logits of some tokens. */
  void run(Team.Worker worker, int number, Wanted wanted) {
    new Pass(worker, number).run(wanted);
  }

  private long stream(int row) {
    return buffers.stream + (long) row * shape.hidden() * Float.BYTES;
  }

  private static long block(long output, int block) {
    return output + (long) block * LinearKernel.BLOCK * Float.BYTES;
  }

  /** What one worker does. */
  private final class Pass {

    private final Team.Worker worker;
    private final int number;

    Pass(Team.Worker worker, int number) {
      this.worker = worker;
      this.number = number;
    }

    void run(Int8Encoder.Taker taker) {
      states();
      worker.phase(
          inputs.end() - inputs.first(),
          task -> {
            int input = inputs.first() + task;
            long first = stream(inputs.row(input));
            taker.take(input, new HiddenStates(first, inputs.length(input), shape.hidden()));
          });
    }

    void run(Wanted wanted) {
      states();
      if (wanted.rows().length > 0) {
        head(wanted);
      }
    }

    private void states() {
      bySomeRows(0, inputs.rows(), this::begin);
      for (int layer = 0; layer < shape.layers(); layer++) {
        int i = layer;
        byTiles((first, count) -> beforeAttention(i, first, count));
        worker.phase(
            (inputs.end() - inputs.first()) * shape.heads(),
            task -> attend(inputs.first() + task / shape.heads(), task % shape.heads()));
        byTiles((first, count) -> afterAttention(i, first, count));
      }
      bySomeRows(0, inputs.rows(), (first, count) -> normalise(2 * shape.layers(), first, count));
    }

    private void beforeAttention(int layer, int first, int count) {
      bySomeRows(first, count, (row, rows) -> roundStream(2 * layer, row, rows));
      long panels = weights.linear(layer, QKV);
      linear(kernels.qkv, shape.qkv(), panels, buffers.qkv, first, count);
    }

    private void afterAttention(int layer, int first, int count) {
      int hidden = shape.hidden();
      int intermediate = shape.intermediate();
      bySomeRows(first, count, (row, rows) -> round(buffers.attended, hidden, row, rows));
      long panels = weights.linear(layer, OUT);
      linear(kernels.out, shape.out(), panels, buffers.stream, first, count);
      bySomeRows(first, count, (row, rows) -> roundStream(2 * layer + 1, row, rows));
      panels = weights.linear(layer, UP);
      linear(kernels.up, shape.up(), panels, buffers.up, first, count);
      bySomeRows(first, count, (row, rows) -> round(buffers.up, intermediate, row, rows));
      panels = weights.linear(layer, DOWN);
      linear(kernels.down, shape.down(), panels, buffers.stream, first, count);
    }

    private void byTiles(SomeRows work) {
      int tiles = workers == 1 ? Math.ceilDiv(inputs.rows(), ROWS_OF_A_TILE) : 1;
      for (int tile = 0; tile < tiles; tile++) {
        int first = inputs.rows() * tile / tiles;
        work.run(first, inputs.rows() * (tile + 1) / tiles - first);
      }
    }

    private void bySomeRows(int first, int count, SomeRows work) {
      worker.phase(
          Math.ceilDiv(count, ROWS_OF_A_TASK),
          task -> {
            int row = task * ROWS_OF_A_TASK;
            work.run(first + row, Math.min(ROWS_OF_A_TASK, count - row));
          });
    }

    private void begin(int first, int count) {
      long rowBytes = (long) shape.hidden() * Short.BYTES;
      for (int row = first; row < first + count; row++) {
        int token = inputs.offsets()[inputs.first()] + row;
        int segment = Math.min(inputs.segments()[token], shape.segments() - 1);
        kernels.embed.apply(
            weights.tokens() + inputs.tokens()[token] * rowBytes,
            weights.positions() + inputs.positions()[token] * rowBytes,
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

    /* Rounds rows, spread, to the input of the next linear layer. */
    private void round(long rows, int width, int first, int count) {
      (width == shape.hidden() ? kernels.quantiseHidden : kernels.quantiseIntermediate)
          .quantise(
              rows + (long) first * width * Float.BYTES,
              buffers.input + (long) first * width,
              buffers.rowScales + (long) first * RowScales.BYTES,
              count,
              buffers.room(number));
    }

    private void linear(
        LinearKernels kernel, Linear linear, long panels, long output, int row, int rows) {
      int tasks = Math.min(linear.blocks(), workers);
      worker.phase(
          tasks,
          task -> {
            int first = linear.blocks() * task / tasks;
            int blocks = linear.blocks() * (task + 1) / tasks - first;
            kernel.multiply(
                row,
                rows,
                panels + first * linear.panelBytes(),
                buffers.input,
                block(output, first),
                blocks,
                linear.scales(panels, first),
                buffers.rowScales);
          });
    }

    /* A head of an input: its keys and values are laid out for attention, then all its tokens attend. */
    private void attend(int input, int head) {
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
    private void head(Wanted wanted) {
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
      linear(kernels.transform, shape.out(), weights.transform(), buffers.attended, 0, count);
      worker.phase(
          1,
          _ -> {
            long norm = weights.norm(2 * shape.layers() + 1, hidden);
            kernels.norm.apply(buffers.attended, norm, count);
            round(buffers.attended, hidden, 0, count);
          });
      int blocksOfTask = EncodeKernels.HEAD_OUTPUTS / LinearKernel.BLOCK;
      worker.phase(
          Math.ceilDiv(shape.head().blocks(), blocksOfTask),
          task -> {
            int first = task * blocksOfTask;
            int blocks = Math.min(blocksOfTask, shape.head().blocks() - first);
            long output = buffers.logits(number);
            kernels.head.multiply(
                0,
                count,
                weights.head() + first * shape.head().panelBytes(),
                buffers.input,
                output,
                blocks,
                shape.head().scales(weights.head(), first),
                buffers.rowScales);
            int token = first * LinearKernel.BLOCK;
            for (int i = 0; i < count; i++) {
              long logits = output + (long) i * EncodeKernels.HEAD_OUTPUTS * Float.BYTES;
              int outputs = Math.min(EncodeKernels.HEAD_OUTPUTS, shape.vocabulary() - token);
              if (wanted.onlyLargest()) {
                Native.keepLarger(logits, wanted.arrays()[i], token, outputs);
              } else {
                Native.copy(logits, wanted.arrays()[i], token, outputs);
              }
            }
          });
    }
  }

  private interface SomeRows {
    void run(int first, int count);
  }
}
