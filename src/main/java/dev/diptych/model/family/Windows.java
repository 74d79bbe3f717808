package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import java.io.IOException;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How far back each layer of a decoder looks.
 *
 * @param sizes of the windows, 0 for everywhere
 */
record Windows(List<Integer> sizes) {

  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  Windows {
    sizes = List.copyOf(sizes);
  }

  int of(int layer) {
    return sizes.get(layer);
  }

  boolean isSliding(int layer) {
    return sizes.get(layer) > 0;
  }

  /**
   * The windows that {@code sliding_window} and {@code layer_types} say.
   *
   * @param usualWindow where config.json does not say, 0 for none
   * @param usuallySliding which layers slide where {@code layer_types} does not say
   */
  static Windows read(
      ConfigFile config, DecoderFields fields, int usualWindow, IntPredicate usuallySliding)
      throws IOException {
    int window = config.count(0, Integer.MAX_VALUE, usualWindow, "sliding_window");
    List<Boolean> sliding = layerTypes(config, fields.layers());
    if (sliding == null) {
      sliding = IntStream.range(0, fields.layers()).mapToObj(usuallySliding::test).toList();
    }
    return of(window, sliding, fields.context());
  }

  /** The windows of a Qwen, whose last layers slide if {@code use_sliding_window} says so. */
  static Windows qwen(ConfigFile config, DecoderFields fields) throws IOException {
    int window = config.count(0, Integer.MAX_VALUE, 4096, "sliding_window");
    int before = config.count(0, Integer.MAX_VALUE, 28, "max_window_layers");
    boolean used = config.flag(false, "use_sliding_window");
    List<Boolean> sliding = layerTypes(config, fields.layers());
    if (sliding == null) {
      sliding =
          IntStream.range(0, fields.layers()).mapToObj(layer -> used && layer >= before).toList();
    }
    return of(window, sliding, fields.context());
  }

  /* A window that no position is ever behind is none. */
  private static Windows of(int window, List<Boolean> sliding, int context) {
    int effective = window < context ? window : 0;
    return new Windows(sliding.stream().map(slides -> slides ? effective : 0).toList());
  }

  /** Which layers slide, as {@code layer_types} says; null if it does not. */
  static @Nullable List<Boolean> layerTypes(ConfigFile config, int layers) throws IOException {
    @Nullable JsonNode types = config.find("layer_types");
    if (types == null) {
      return null;
    }
    if (!types.isArray() || types.size() != layers) {
      throw new IOException(
          "%s: layer_types must name the attention of each of %d layers (got %s)"
              .formatted(config.name(), layers, shortened(types)));
    }
    for (JsonNode type : types) {
      String name = type.asString("");
      if (!name.equals(FULL) && !name.equals(SLIDING)) {
        throw new IOException(
            "%s: layer_types asks for %s, but only %s and %s are supported"
                .formatted(config.name(), shortened(type), FULL, SLIDING));
      }
    }
    return types.valueStream().map(type -> type.asString().equals(SLIDING)).toList();
  }
}
