package dev.diptych.kernel;

/** One pass over the weights; every worker runs it beside the others. */
final class DecodeStep {

  /*
   * A layer is a chain of phases, each of which needs all of the one before. Their tasks are rows, or
   * key-value heads of rows, or a worker's share of the outputs: with more and smaller shares the
   * weights come slower from memory.
   *
   * The end of a phase costs as much as rounding some rows does. So every worker rounds few rows for
   * itself, and many are shared out, into the buffer of the first worker.
   */

  private static final int QKV = 0;
  private static final int OUT = 1;
  private static final int GATE_UP = 2;
  private static final int DOWN = 3;
  private static final int ROW_TASKS = 8;
  private static final int FEW_ROWS = 4;

  /** Tokens of a step. */
  @SuppressWarnings("ArrayRecordComponent")
  record Rows(int[] tokens, int[] slots, int[] positions, int first, int count) {

    int token(int row) {
      return tokens[first + row];
    }

    int slot(int row) {
      return slots[first + row];
    }

    int position(int row) {
      return positions[first + row];
    }

    /** Whether none has to see another that is new too. */
    boolean areApart() {
      for (int row = 1; row < count; row++) {
        if (slot(row) == slot(row - 1)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Where the rows of logits go. */
  @SuppressWarnings("ArrayRecordComponent")
  record Logits(float[] array, int first) {}

  private final DecoderShape shape;
  private final DecoderWeights weights;
  private final DecodeKernels kernels;
  private final DecodeBuffers buffers;
  private final Rows rows;
  private final KeyValueCache cache;
  private final Logits logits;
  private final int workers;

  DecodeStep(
      DecoderShape shape,
      DecoderWeights weights,
      DecodeKernels kernels,
      DecodeBuffers buffers,
      Rows rows,
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
  }

  /**
   * Goes through the step.
   *
   * @param number of the worker, from 0
   */
  void run(Team.Worker worker, int number) {
    new Pass(worker, number).run();
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

    void run() {
      boolean apart = rows.areApart();
      int heads = shape.keyValueHeads();
      worker.phase(rows.count(), DecodeStep.this::begin);
      for (int layer = 0; layer < shape.layers(); layer++) {
        int i = layer;
        quantise(kernels.quantiseUnit, buffers.stream, shape.hidden());
        linear(kernels.qkv, shape.layer().get(QKV), weights.linear(i, QKV), buffers.qkv);
        if (!apart) {
          worker.phase(rows.count() * heads, task -> rotate(i, task / heads, task % heads));
        }
        worker.phase(
            rows.count() * heads,
            task -> {
              if (apart) {
                rotate(i, task / heads, task % heads);
              }
              attend(i, task / heads, task % heads, number);
            });
        quantise(kernels.quantiseAttended, buffers.attended, shape.attentionWidth());
        linear(kernels.out, shape.layer().get(OUT), weights.linear(i, OUT), buffers.stream);
        quantise(kernels.quantiseUnit, buffers.stream, shape.hidden());
        gateAndUp(weights.linear(i, GATE_UP));
        quantise(kernels.quantiseGated, buffers.gated, shape.intermediate());
        linear(kernels.down, shape.layer().get(DOWN), weights.linear(i, DOWN), buffers.stream);
      }
      quantise(kernels.quantiseUnit, buffers.stream, shape.hidden());
      head();
    }

    private void quantise(QuantiseKernel kernel, long from, int width) {
      if (alone) {
        kernel.quantise(from, input, rowScales, rows.count());
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
                count);
          });
    }

    private void linear(
        DecodeKernels.RowsKernels kernel, DecoderShape.Linear linear, long panels, long output) {
      int blocks = linear.blocks();
      int tasks = Math.min(blocks, workers);
      worker.phase(
          tasks,
          task -> {
            int first = blocks * task / tasks;
            int end = blocks * (task + 1) / tasks;
            long target = output + (long) first * LinearKernel.BLOCK * Float.BYTES;
            multiply(kernel, linear, panels, first, end - first, target);
          });
    }

    private void multiply(
        DecodeKernels.RowsKernels kernel,
        DecoderShape.Linear linear,
        long panels,
        int first,
        int blocks,
        long output) {
      kernel.multiply(
          rows.count(),
          panels + first * linear.panelBytes(),
          input,
          output,
          blocks,
          panels + linear.blocks() * linear.panelBytes() + (long) first * LinearKernel.SCALES_BYTES,
          rowScales);
    }

    /* The same part of gate and up, which then is gated at once. */
    private void gateAndUp(long panels) {
      DecoderShape.Linear linear = shape.layer().get(GATE_UP);
      int gated = shape.intermediate() / GatedKernel.BLOCK;
      int tasks = Math.min(gated, workers);
      int blocksOfGated = GatedKernel.BLOCK / LinearKernel.BLOCK;
      worker.phase(
          tasks,
          task -> {
            int first = gated * task / tasks;
            int count = gated * (task + 1) / tasks - first;
            long offset = (long) first * GatedKernel.BLOCK_BYTES;
            long gate = buffers.gateUp + offset;
            long up = gate + (long) shape.intermediate() * Float.BYTES;
            int block = first * blocksOfGated;
            int blocks = count * blocksOfGated;
            multiply(kernels.gateUp, linear, panels, block, blocks, gate);
            multiply(kernels.gateUp, linear, panels, block + linear.blocks() / 2, blocks, up);
            for (int row = 0; row < rows.count(); row++) {
              long wide = 2L * row * shape.intermediate() * Float.BYTES;
              kernels.gated.apply(
                  gate + wide,
                  up + wide,
                  buffers.gated + wide / 2 + offset,
                  weights.spreading(),
                  count);
            }
          });
    }

    private void head() {
      DecoderShape.Linear head = shape.head();
      int blocksOfTask = DecodeKernels.HEAD_OUTPUTS / LinearKernel.BLOCK;
      worker.phase(
          Math.ceilDiv(head.blocks(), blocksOfTask),
          task -> {
            int first = task * blocksOfTask;
            int blocks = Math.min(blocksOfTask, head.blocks() - first);
            multiply(kernels.head, head, weights.head(), first, blocks, buffers.logits(number));
            int token = first * LinearKernel.BLOCK;
            for (int row = 0; row < rows.count(); row++) {
              Native.copy(
                  buffers.logits(number) + (long) row * DecodeKernels.HEAD_OUTPUTS * Float.BYTES,
                  logits.array(),
                  logits.first() + row * shape.vocabulary() + token,
                  Math.min(DecodeKernels.HEAD_OUTPUTS, shape.vocabulary() - token));
            }
          });
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
    for (int channel = 0; channel < shape.headDimension(); channel++) {
      float angle = rows.position(row) * shape.frequencies()[channel / 2];
      float sine = (float) Math.sin(angle);
      Native.putFloat(
          angles + (long) RotateKernel.cosine(channel) * Float.BYTES, (float) Math.cos(angle));
      Native.putFloat(
          angles + (long) RotateKernel.sine(channel) * Float.BYTES,
          channel % 2 == 0 ? -sine : sine);
    }
  }

  private long queries(int row, int head) {
    int first = row * shape.qkvWidth() + head * shape.sharedHeads() * shape.headDimension();
    return buffers.qkv + (long) first * Float.BYTES;
  }

  private void rotate(int layer, int row, int head) {
    int d = shape.headDimension();
    int cached = rows.slot(row) * shape.keyValueHeads() + head;
    long key = queries(row, 0) + (long) (shape.heads() + head) * d * Float.BYTES;
    kernels.rotate.rotate(
        queries(row, head),
        key,
        key + (long) shape.keyValueHeads() * d * Float.BYTES,
        buffers.angles + 2L * row * d * Float.BYTES,
        cache.keys(layer, cached, d) + (long) rows.position(row) * Short.BYTES,
        cache.values(layer, cached, shape.keyValueHeads(), d)
            + (long) rows.position(row) * d * Short.BYTES,
        cache.keyStride());
  }

  private void attend(int layer, int row, int head, int worker) {
    int d = shape.headDimension();
    int cached = rows.slot(row) * shape.keyValueHeads() + head;
    int first = row * shape.attentionWidth() + head * shape.sharedHeads() * d;
    long queries = queries(row, head);
    long output = buffers.attended + (long) first * Float.BYTES;
    for (AttentionKernel kernel : kernels.attention) {
      kernel.attend(
          queries,
          cache.keys(layer, cached, d),
          cache.values(layer, cached, shape.keyValueHeads(), d),
          rows.position(row) + 1,
          buffers.scores(worker),
          output,
          cache.keyStride());
      queries += (long) kernel.heads() * d * Float.BYTES;
      output += (long) kernel.heads() * d * Float.BYTES;
    }
  }
}
