package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a GGUF model stretches rotary positions, as {@code rope_scaling} of config.json. */
final class GgufRope {

  private static final String FREQUENCIES = "rope_freqs.weight";
  private static final String LONG = "rope_factors_long.weight";
  private static final String SHORT = "rope_factors_short.weight";

  private static final String TYPE = "rope_type";
  private static final String FACTOR = "factor";
  private static final String ORIGINAL = "original_max_position_embeddings";

  private GgufRope() {}

  /**
   * Puts {@code rope_parameters} in the place of {@code rope_theta} and {@code rope_scaling}, which
   * are about the layers that look everywhere.
   *
   * @param usualTheta of the others, where the metadata do not say
   */
  static void putOfLayerTypes(GgufKeys keys, Map<String, Object> config, double usualTheta)
      throws IOException {
    Map<String, Object> full = new LinkedHashMap<>();
    full.put(TYPE, "default");
    full.put("rope_theta", config.remove("rope_theta"));
    if (config.remove("rope_scaling") instanceof Map<?, ?> scaling) {
      scaling.forEach((field, value) -> full.put(String.valueOf(field), value));
    }
    Map<String, Object> sliding = new LinkedHashMap<>();
    sliding.put(TYPE, "default");
    sliding.put("rope_theta", keys.number("rope.freq_base_swa", usualTheta));
    config.put("rope_parameters", Map.of("full_attention", full, "sliding_attention", sliding));
  }

  /** The scaling, empty for none. */
  static Map<String, Object> scaling(GgufKeys keys, int rotaryWidth) throws IOException {
    String type = type(keys);
    double factor = keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1));
    if (keys.hasTensor(FREQUENCIES)) {
      if (factor != 1 && !type.equals("none")) {
        throw keys.invalid(
            "a rope scaling by %s besides the tensor '%s' is not supported"
                .formatted(factor, FREQUENCIES));
      }
      return factors(keys, rotaryWidth, FREQUENCIES, FREQUENCIES, 1);
    }
    if (keys.hasTensor(LONG) || keys.hasTensor(SHORT)) {
      return factors(keys, rotaryWidth, SHORT, LONG, keys.number("rope.scaling.attn_factor", 0));
    }
    return switch (type) {
      case "none" -> Map.of();
      case "linear" -> factor == 1 ? Map.of() : Map.of(TYPE, type, FACTOR, factor);
      case "yarn" -> yarn(keys, factor);
      default ->
          throw keys.invalid(
              "the rope scaling '%s' without its factors is not supported"
                  .formatted(shortened(type)));
    };
  }

  /* As llama.cpp: linear unless another type is said. */
  private static String type(GgufKeys keys) throws IOException {
    String type = keys.text("rope.scaling.type", "linear");
    if (!List.of("none", "linear", "yarn", "longrope").contains(type)) {
      throw keys.invalid(
          "the rope scaling '%s' is not supported; none, linear, yarn and longrope are"
              .formatted(shortened(type)));
    }
    return type;
  }

  /* Llama 3's rule too is kept as what it makes: a divisor of each frequency. */
  private static Map<String, Object> factors(
      GgufKeys keys, int rotaryWidth, String near, String far, double attention)
      throws IOException {
    Map<String, Object> rope = new LinkedHashMap<>();
    rope.put(TYPE, "longrope");
    rope.put("short_factor", list(keys, near, rotaryWidth / 2));
    rope.put("long_factor", list(keys, far, rotaryWidth / 2));
    rope.put(
        ORIGINAL, keys.count("rope.scaling.original_context_length", keys.count("context_length")));
    if (attention != 0) {
      rope.put("attention_factor", attention);
    }
    return rope;
  }

  private static List<Double> list(GgufKeys keys, String tensor, int length) throws IOException {
    float[] factors = keys.vector(tensor);
    if (factors.length != length) {
      throw keys.invalid(
          "tensor '%s' has %d numbers, but %d are expected"
              .formatted(tensor, factors.length, length));
    }
    List<Double> list = new ArrayList<>();
    for (float factor : factors) {
      if (!(factor > 0 && Float.isFinite(factor))) {
        throw keys.invalid("tensor '%s' has the divisor %s".formatted(tensor, factor));
      }
      list.add(Double.parseDouble(Float.toString(factor)));
    }
    return list;
  }

  private static Map<String, Object> yarn(GgufKeys keys, double factor) throws IOException {
    if (keys.number("rope.scaling.yarn_ext_factor", 1) != 1) {
      throw keys.invalid("a rope.scaling.yarn_ext_factor other than 1 is not supported");
    }
    Map<String, Object> rope = new LinkedHashMap<>();
    rope.put(TYPE, "yarn");
    rope.put(FACTOR, factor);
    rope.put(
        ORIGINAL, keys.count("rope.scaling.original_context_length", keys.count("context_length")));
    rope.put("beta_fast", keys.number("rope.scaling.yarn_beta_fast", 32));
    rope.put("beta_slow", keys.number("rope.scaling.yarn_beta_slow", 1));
    double attention = keys.number("rope.scaling.yarn_attn_factor", 0);
    if (attention != 0) {
      rope.put("attention_factor", attention);
    }
    return rope;
  }
}
