package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How far back each layer of a decoder looks.
 *
 * @param window that sliding layers have, 0 for none
 * @param context most positions
 * @param sliding which layers slide
 */
record Windows(int window, int context, List<Boolean> sliding) {

  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  Windows {
    sliding = List.copyOf(sliding);
  }

  /** The window of a layer, 0 for everywhere; one that no position is ever behind is none. */
  int of(int layer) {
    return isSliding(layer) && window < context ? window : 0;
  }

  /** Whether a layer is of the sliding type, which may say more of it than its window. */
  boolean isSliding(int layer) {
    return sliding.get(layer);
  }

  /** The same layers with another window. */
  Windows with(int other) {
    return new Windows(other, context, sliding);
  }

  /** No windows. */
  static Windows none(DecoderFields fields) {
    return new Windows(0, fields.context(), Collections.nCopies(fields.layers(), false));
  }

  /**
   * One window for all layers, if {@code sliding_window} has a value.
   *
   * @param usualWindow where config.json does not say, 0 for none
   */
  static Windows everywhere(ConfigFile config, DecoderFields fields, int usualWindow)
      throws IOException {
    int window = window(config, usualWindow);
    return new Windows(window, fields.context(), Collections.nCopies(fields.layers(), window > 0));
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
    return of(config, fields, window(config, usualWindow), usuallySliding);
  }

  /** The windows of a Qwen, whose last layers slide if {@code use_sliding_window} says so. */
  static Windows qwen(ConfigFile config, DecoderFields fields) throws IOException {
    int window = window(config, 4096);
    int before = config.count(0, Integer.MAX_VALUE, 28, "max_window_layers");
    boolean used = config.flag(false, "use_sliding_window");
    return of(config, fields, used ? window : 0, layer -> used && window > 0 && layer >= before);
  }

  private static int window(ConfigFile config, int usual) throws IOException {
    return config.count(
        1, Integer.MAX_VALUE, config.isNull("sliding_window") ? 0 : usual, "sliding_window");
  }

  private static Windows of(
      ConfigFile config, DecoderFields fields, int window, IntPredicate usuallySliding)
      throws IOException {
    List<Boolean> sliding = layerTypes(config, fields.layers());
    if (sliding == null) {
      sliding = IntStream.range(0, fields.layers()).mapToObj(usuallySliding::test).toList();
    }
    if (window == 0 && sliding.contains(true)) {
      throw new IOException(
          "%s: layer_types has layers of %s, but no sliding_window is set or used"
              .formatted(config.name(), SLIDING));
    }
    return new Windows(window, fields.context(), sliding);
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
