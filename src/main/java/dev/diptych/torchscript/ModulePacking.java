package dev.diptych.torchscript;

import ai.djl.pytorch.jni.IValue;
import dev.diptych.kernel.DecoderWeights;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Slots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gives a module its weights a part at a time, so that what is packed is in memory twice for one
 * layer, or for some rows of the embeddings, only. The C library would keep what was freed between
 * what stays.
 */
final class ModulePacking implements AutoCloseable {

  /** Elements of the embeddings that are in memory twice at a time. */
  static final long PART_ELEMENTS = 1 << 22;

  private static final String BIAS = "head.output.bias";

  /* Rows are worked on in blocks of so many, which parts must not cut. */
  private static final long BLOCK_ROWS = 2048;

  private final TorchModule module;
  private final MappedWeights weights;
  private final Map<String, WeightView> stored;
  private final Blueprint blueprint;
  private final ScriptOptions options;

  ModulePacking(
      TorchRuntime runtime,
      TorchModule module,
      Map<String, WeightView> stored,
      Blueprint blueprint) {
    this.module = module;
    this.weights = new MappedWeights(runtime);
    this.stored = stored;
    this.blueprint = blueprint;
    this.options = new ScriptOptions(blueprint);
  }

  /** Begins with all that is beside the layers. */
  void begin(UnaryOperator<CallArguments> how) throws IOException {
    begin(beside(), how);
  }

  /** Begins with all that is beside the layers, of a decoder whose rows are to follow. */
  void beginWithoutRows(UnaryOperator<CallArguments> how) throws IOException {
    Map<String, WeightView> beside = beside();
    beside.keySet().removeAll(List.of(Slots.TOKENS, Slots.OUTPUT, BIAS));
    begin(beside, how);
  }

  private void begin(Map<String, WeightView> beside, UnaryOperator<CallArguments> how)
      throws IOException {
    weights.use(
        beside,
        dictionary ->
            run(
                "init",
                how.apply(
                    module
                        .arguments()
                        .borrow(dictionary)
                        .decimals(options.ofModel())
                        .floats(options.frequencies())
                        .integers(options.windows()))));
  }

  /** Whether the embeddings and the head of a decoder can follow some rows at a time. */
  static boolean hasRows(Map<String, WeightView> stored) {
    WeightView tokens = stored.get(Slots.TOKENS);
    WeightView head = stored.getOrDefault(Slots.OUTPUT, tokens);
    return tokens != null && tokens.hasRows() && head != null && head.hasRows();
  }

  /** Adds the embeddings and the head. */
  void addRows() throws IOException {
    forRows(
        false,
        PART_ELEMENTS,
        (first, total, dictionary) ->
            run("add_rows", module.arguments().borrow(dictionary).integer(first).integer(total)));
    WeightView bias = stored.get(BIAS);
    weights.use(
        bias == null ? Map.of() : Map.of("bias", bias),
        dictionary -> run("finish_rows", module.arguments().borrow(dictionary)));
  }

  /**
   * Writes the embeddings and the head for machine code.
   *
   * @param memory of the head, the embeddings and the spacing
   * @param partElements of the embeddings that are written at a time, at least 2048 rows
   */
  void exportRows(List<ByteBuffer> memory, long partElements) throws IOException {
    forRows(
        true,
        partElements,
        (first, total, dictionary) ->
            run(
                "export_rows",
                module
                    .arguments()
                    .borrow(dictionary)
                    .integer(first)
                    .integer(total)
                    .tensors(memory)));
  }

  /** Adds the layers. */
  void addLayers() throws IOException {
    List<Integer> made = new ArrayList<>();
    for (Layer layer : blueprint.layers()) {
      int earlier = made.indexOf(layer.weights());
      made.add(layer.weights());
      if (earlier >= 0) {
        run("repeat_layer", module.arguments().integer(earlier));
      } else {
        weights.use(
            ofLayer(layer.weights()),
            dictionary ->
                run(
                    "add_layer",
                    module.arguments().borrow(dictionary).decimals(options.ofLayer(layer))));
        TorchRuntime.trimMemory();
      }
    }
  }

  /**
   * Writes the layers for machine code.
   *
   * @param memory of the four linear layers of each
   */
  void exportLayers(List<ByteBuffer> memory) throws IOException {
    int next = 0;
    for (Layer layer : blueprint.layers()) {
      List<ByteBuffer> own = memory.subList(next, next + DecoderWeights.LINEARS_OF_A_LAYER);
      weights.use(
          ofLayer(layer.weights()),
          dictionary ->
              run(
                  "export_layer",
                  module
                      .arguments()
                      .borrow(dictionary)
                      .decimals(options.ofLayer(layer))
                      .tensors(own)));
      TorchRuntime.trimMemory();
      next += DecoderWeights.LINEARS_OF_A_LAYER;
    }
  }

  /** What is done with some rows. */
  private interface UseOfRows {
    void of(long first, long total, IValue dictionary) throws IOException;
  }

  private void forRows(boolean withBias, long partElements, UseOfRows use) throws IOException {
    WeightView tokens = present(stored.get(Slots.TOKENS));
    WeightView head = stored.getOrDefault(Slots.OUTPUT, tokens);
    WeightView bias = withBias ? stored.get(BIAS) : null;
    long total = tokens.slot().shape().getFirst();
    long width = tokens.slot().shape().getLast();
    long part = Math.max(1, partElements / width / BLOCK_ROWS) * BLOCK_ROWS;
    for (long first = 0; first < total; first += part) {
      long begin = first;
      long count = Math.min(part, total - first);
      Map<String, WeightView> rows = new LinkedHashMap<>();
      rows.put("tokens", tokens.rows(first, count));
      rows.put("head", head.rows(first, count));
      if (bias != null) {
        rows.put("bias", bias.rows(first, count));
      }
      weights.use(rows, dictionary -> use.of(begin, total, dictionary));
    }
  }

  private static WeightView present(@Nullable WeightView view) {
    if (view == null) {
      throw new IllegalStateException("every model has token embeddings");
    }
    return view;
  }

  private void run(String method, CallArguments arguments) {
    module.prepare(method, arguments).close();
  }

  private Map<String, WeightView> beside() {
    Map<String, WeightView> beside = new LinkedHashMap<>(stored);
    beside.keySet().removeIf(slot -> slot.startsWith("layer."));
    return beside;
  }

  private Map<String, WeightView> ofLayer(int layer) {
    String beginning = "layer.%d.".formatted(layer);
    Map<String, WeightView> own = new LinkedHashMap<>();
    stored.forEach(
        (slot, view) -> {
          if (slot.startsWith(beginning)) {
            own.put(slot.substring(beginning.length()), view);
          }
        });
    return own;
  }

  @Override
  public void close() {
    weights.close();
  }
}
