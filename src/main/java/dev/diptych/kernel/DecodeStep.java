package dev.diptych.kernel;

/** One pass over the weights; every worker runs it beside the others. */
final class DecodeStep {

  /*
   * A layer is a chain of phases, each of which needs all of the one before. Their tasks are rows, or
   * key-value heads of rows, or a worker's share of the outputs: with more and smaller shares the
   * weights come slower from memory.
   *
   * The end of a phase costs as much as rounding some rows does. So every worker rounds few rows for
   * itself, into a buffer that no other worker reads, as a late one may write to it at any time. Many
   * rows are shared out, into the buffer of the first worker.
   */

  private static final int QKV = 0;
  private static final int OUT = 1;
  private static final int GATE_UP = 2;
  private static final int DOWN = 3;
  private static final int ROW_TASKS = 8;
  private static final int FEW_ROWS = 4;

  /**
   * Where the rows of logits go.
   *
   * @param rows which rows of this pass have their logits taken
   * @param first where the first one's begin
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Logits(int[] rows, float[] array, int first) {}

  private final DecoderShape shape;
  private final DecoderWeights weights;
  private final DecodeKernels kernels;
  private final DecodeBuffers buffers;
  private final DecodeRows rows;
  private final KeyValueCache cache;
  private final Logits logits;
  private final int workers;
  private final boolean apart;
  private final int[] begins; // of runs of tokens that attend together, and the end

  DecodeStep(
      DecoderShape shape,
      DecoderWeights weights,
      DecodeKernels kernels,
      DecodeBuffers buffers,
      DecodeRows rows,
      KeyValueCache cache,
      Logits logits,
      int workers) {
    this.workers = workers;
    this.shape = shape;
    this.weights = weights;
    this.kernels = kernels;
    this.buffers = buffers;
    this.rows = rows;
    this.cache = cache;
    this.logits = logits;
    this.apart = rows.areApart();
    this.begins = rows.runs(kernels.attention.mostTokens());
  }

  /**
   * Goes through some layers of the step, with the embeddings before the first and the logits
   * behind the last one.
   *
   * @param number of the worker, from 0
   */
  void run(Team.Worker worker, int number, int from, int to) {
    new Pass(worker, number).run(from, to);
  }

  /** What one worker does. */
  private final class Pass {

    private final Team.Worker worker;
    private final int number;
    private final boolean alone; // rounds all rows itself
    private final long input;
    private final long rowScales;

    Pass(Team.Worker worker, int number) {
      this.worker = worker;
      this.number = number;
      this.alone = rows.count() <= FEW_ROWS;
      this.input = buffers.input(alone ? number : 0);
      this.rowScales = buffers.rowScales(alone ? number : 0);
    }

    void run(int from, int to) {
      if (from == 0) {
        worker.phase(rows.count(), DecodeStep.this::begin);
      }
      for (int layer = from; layer < to; layer++) {
        quantise(kernels.quantiseUnit, buffers.stream, shape.hidden());
        linear(kernels.qkv, shape.qkv(), weights.linear(layer, QKV), buffers.qkv);
        attention(layer);
        quantise(kernels.quantiseAttended, buffers.attended, shape.attentionWidth());
        linear(kernels.out, shape.out(), weights.linear(layer, OUT), buffers.stream);
        quantise(kernels.quantiseUnit, buffers.stream, shape.hidden());
        gateAndUp(weights.linear(layer, GATE_UP));
        quantise(kernels.quantiseGated, buffers.gated, shape.intermediate());
        linear(kernels.down, shape.down(), weights.linear(layer, DOWN), buffers.stream);
      }
      if (to == shape.layers() && logits.rows().length > 0) {
        head();
      }
    }

    /* Tokens of a sequence see each other, so that all of them must be cached first. */
    private void attention(int layer) {
      int heads = shape.keyValueHeads();
      int runs = begins.length - 1;
      if (apart) {
        worker.phase(
            runs * heads,
            task -> {
              rotate(layer, task / heads, task % heads);
              attend(layer, task / heads, task % heads, number);
            });
        return;
      }
      worker.phase(
          rows.count(),
          row -> {
            for (int head = 0; head < heads; head++) {
              rotate(layer, row, head);
            }
          });
      worker.phase(runs * heads, task -> attend(layer, task / heads, task % heads, number));
    }

    private void quantise(QuantiseKernel kernel, long from, int width) {
      if (alone) {
        kernel.quantise(from, input, rowScales, rows.count(), buffers.room(number));
        return;
      }
      int tasks = Math.min(rows.count(), ROW_TASKS);
      worker.phase(
          tasks,
          task -> {
            int first = rows.count() * task / tasks;
            int count = rows.count() * (task + 1) / tasks - first;
            kernel.quantise(
                from + (long) first * width * Float.BYTES,
                input + (long) first * width,
                rowScales + (long) first * RowScales.BYTES,
                count,
                buffers.room(number));
          });
    }

    private void linear(LinearKernels kernel, Linear linear, long panels, long output) {
      int blocks = linear.blocks();
      int tasks = Math.min(blocks, workers);
      worker.phase(
          tasks,
          task -> {
            int first = blocks * task / tasks;
            int end = blocks * (task + 1) / tasks;
            long target = output + (long) first * LinearKernel.BLOCK * Float.BYTES;
            multiply(rows.count(), kernel, linear, panels, first, end - first, target);
          });
    }

    private void multiply(
        int count,
        LinearKernels kernel,
        Linear linear,
        long panels,
        int first,
        int blocks,
        long output) {
      kernel.multiply(
          0,
          count,
          panels + first * linear.panelBytes(),
          input,
          output,
          blocks,
          linear.scales(panels, first),
          rowScales);
    }

    /* The same part of gate and up, which then is gated at once. */
    private void gateAndUp(long panels) {
      Linear linear = shape.gateUp();
      int gated = linear.blocks() / 2;
      int tasks = Math.min(gated, workers);
      worker.phase(
          tasks,
          task -> {
            int first = gated * task / tasks;
            int count = gated * (task + 1) / tasks - first;
            long offset = (long) first * LinearKernel.BLOCK * Float.BYTES;
            long gate = buffers.gateUp + offset;
            long up = gate + (long) shape.intermediate() * Float.BYTES;
            multiply(rows.count(), kernels.gateUp, linear, panels, first, count, gate);
            multiply(rows.count(), kernels.gateUp, linear, panels, gated + first, count, up);
            for (int row = 0; row < rows.count(); row++) {
              long wide = 2L * row * shape.intermediate() * Float.BYTES;
              kernels.gated.apply(gate + wide, up + wide, buffers.gated + wide / 2 + offset, count);
            }
          });
    }

    /* The rows that are wanted, one below the other. */
    private void head() {
      int count = logits.rows().length;
      if (alone) {
        quantiseWanted();
      } else {
        worker.phase(1, _ -> quantiseWanted());
      }
      Linear head = shape.head();
      int blocksOfTask = DecodeKernels.HEAD_OUTPUTS / LinearKernel.BLOCK;
      worker.phase(
          Math.ceilDiv(head.blocks(), blocksOfTask),
          task -> {
            int first = task * blocksOfTask;
            int blocks = Math.min(blocksOfTask, head.blocks() - first);
            long output = buffers.logits(number);
            kernels.head.multiply(
                0,
                count,
                weights.head() + first * head.panelBytes(),
                input,
                output,
                blocks,
                head.scales(weights.head(), first),
                rowScales);
            int token = first * LinearKernel.BLOCK;
            for (int i = 0; i < count; i++) {
              Native.copy(
                  output + (long) i * DecodeKernels.HEAD_OUTPUTS * Float.BYTES,
                  logits.array(),
                  logits.first() + i * shape.vocabulary() + token,
                  Math.min(DecodeKernels.HEAD_OUTPUTS, shape.vocabulary() - token));
            }
          });
    }

    private void quantiseWanted() {
      for (int i = 0; i < logits.rows().length; i++) {
        kernels.quantiseUnit.quantise(
            buffers.stream + (long) logits.rows()[i] * shape.hidden() * Float.BYTES,
            input + (long) i * shape.hidden(),
            rowScales + (long) i * RowScales.BYTES,
            1,
            buffers.room(number));
      }
    }
  }

  /* Embeds a token and turns its position into angles. */
  private void begin(int row) {
    long embedding = weights.embeddings() + (long) rows.token(row) * shape.hidden() * Short.BYTES;
    long stream = buffers.stream + (long) row * shape.hidden() * Float.BYTES;
    for (int i = 0; i < shape.hidden(); i++) {
      Native.putFloat(
          stream + (long) i * Float.BYTES,
          Float.float16ToFloat(Native.getShort(embedding + (long) i * Short.BYTES)));
    }
    long angles = buffers.angles + 2L * row * shape.headDimension() * Float.BYTES;
    for (int pair = 0; pair < shape.headDimension() / 2; pair++) {
      float angle = rows.position(row) * shape.frequencies()[pair];
      float cosine = (float) Math.cos(angle);
      float sine = (float) Math.sin(angle);
      putAngle(angles, 2 * pair, cosine, -sine);
      putAngle(angles, 2 * pair + 1, cosine, sine);
    }
  }

  private static void putAngle(long angles, int channel, float cosine, float sine) {
    Native.putFloat(angles + (long) RotateKernel.cosine(channel) * Float.BYTES, cosine);
    Native.putFloat(angles + (long) RotateKernel.sine(channel) * Float.BYTES, sine);
  }

  private long queries(int row, int head) {
    long first = (long) row * shape.qkvWidth() + headBegin(head);
    return buffers.qkv + first * Float.BYTES;
  }

  /* The first channel of the queries that share a key-value head. */
  private long headBegin(int head) {
    return (long) head * shape.sharedHeads() * shape.headDimension();
  }

  private void rotate(int layer, int row, int head) {
    int d = shape.headDimension();
    int position = rows.position(row);
    long blocks = cache.blocks(layer, rows.slot(row), head);
    long key = queries(row, 0) + (long) (shape.heads() + head) * d * Float.BYTES;
    boolean last = position % 2 == 0 && !rows.continues(row);
    (last ? kernels.rotateLast : kernels.rotate)
        .rotate(
            queries(row, head),
            key,
            key + (long) shape.keyValueHeads() * d * Float.BYTES,
            buffers.angles + 2L * row * d * Float.BYTES,
            KeyValueCache.key(blocks, position, d),
            KeyValueCache.value(blocks, position, d));
  }

  private void attend(int layer, int run, int head, int worker) {
    int row = begins[run];
    long first = (long) row * shape.attentionWidth() + headBegin(head);
    kernels.attention.attend(
        begins[run + 1] - row,
        queries(row, head),
        cache.blocks(layer, rows.slot(row), head),
        rows.position(row) + 1,
        buffers.scores(worker),
        buffers.attended + first * Float.BYTES);
  }
}
