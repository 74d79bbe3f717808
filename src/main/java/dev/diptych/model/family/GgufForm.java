package dev.diptych.model.family;

import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How GGUF files keep the models of a family.
 *
 * @param architecture that {@code general.architecture} names
 * @param modelType of the config.json that the metadata stand for
 * @param fields what config.json says beside what all decoders have
 * @param names of the tensors
 */
public record GgufForm(
    String architecture, String modelType, Fields fields, Function<Blueprint, WeightNames> names) {

  /** Puts fields into config.json, which has those of all decoders already. */
  @FunctionalInterface
  public interface Fields {
    void put(GgufKeys keys, Map<String, Object> config) throws IOException;
  }

  /** Whether linear layers have biases, which the tensors tell. */
  static final Fields BIASES =
      (keys, config) -> {
        config.put("attention_bias", keys.hasTensor("blk.0.attn_q.bias"));
        config.put("mlp_bias", keys.hasTensor("blk.0.ffn_up.bias"));
      };

  /** A decoder whose metadata and tensors have nothing of its own. */
  static GgufForm of(String architecture, String modelType) {
    return new GgufForm(
        architecture, modelType, (_, _) -> {}, blueprint -> GgufNames.of(blueprint).build());
  }

  /** The same with further fields. */
  GgufForm with(Fields more) {
    Fields both =
        (keys, config) -> {
          fields.put(keys, config);
          more.put(keys, config);
        };
    return new GgufForm(architecture, modelType, both, names);
  }

  /** The same of another architecture. */
  GgufForm ofArchitecture(String other) {
    return new GgufForm(other, modelType, fields, names);
  }

  /**
   * Which layers look back through a window only.
   *
   * @param usual every how many layers one looks everywhere, where the metadata do not say
   */
  static void putLayerTypes(GgufKeys keys, Map<String, Object> config, int usual)
      throws IOException {
    List<Boolean> sliding = keys.flags("attention.sliding_window_pattern");
    int period = sliding.isEmpty() ? keys.count("attention.sliding_window_pattern", usual) : usual;
    List<String> types = new ArrayList<>();
    for (int layer = 0; layer < keys.count("block_count"); layer++) {
      boolean slides =
          sliding.isEmpty()
              ? (layer + 1) % period != 0
              : layer < sliding.size() && sliding.get(layer);
      types.add(slides ? "sliding_attention" : "full_attention");
    }
    config.put("layer_types", types);
  }

  /** The same with other names. */
  GgufForm withNames(Function<Blueprint, WeightNames.Builder> other) {
    return new GgufForm(
        architecture, modelType, fields, blueprint -> other.apply(blueprint).build());
  }
}
