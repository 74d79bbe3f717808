package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Phi 3 and 4 mini (arXiv:2404.14219): a Llama whose linear layers are stored together, whose heads
 * may rotate in part, and whose layers may have a window.
 */
final class Phi3 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("phi3", 32_064, 3072, 8192, 32, 32, 0, 0, 4096);

  @Override
  public Set<String> modelTypes() {
    return Set.of("phi3");
  }

  @Override
  public boolean knowsOwnCode() {
    return true;
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    RopeFields rope = RopeFields.of(config, fields.headWidth(), fields.context(), 10_000, 1, true);
    return Mistral.blueprint(
        config,
        head,
        fields,
        Windows.everywhere(config, fields, 0),
        new Positions.Rotary(rope.orOriginal(4096).rotary(Set.of())),
        1e-5);
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    Layer layer = blueprint.layers().getFirst();
    long queries = layer.attention().queryWidth();
    long keys = layer.attention().keyValueWidth();
    long all = queries + 2 * keys;
    long width = layer.feedForward().width();
    String attention = "layers.{}.self_attn.qkv_proj";
    String feedForward = "layers.{}.mlp.gate_up_proj";
    return Llama.names(blueprint)
        .part("layer.{}.attention.query", attention, new Part.Rows(0, queries, all))
        .part("layer.{}.attention.key", attention, new Part.Rows(queries, keys, all))
        .part("layer.{}.attention.value", attention, new Part.Rows(queries + keys, keys, all))
        .part("layer.{}.feed_forward.gate", feedForward, new Part.Rows(0, width, 2 * width))
        .part("layer.{}.feed_forward.up", feedForward, new Part.Rows(width, width, 2 * width))
        .build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("phi3", "phi3")
            .withNames(GgufNames::gateBeforeUp)
            .with(
                (keys, config) -> {
                  int window = keys.index("attention.sliding_window");
                  config.put("sliding_window", window == 0 ? null : window);
                  config.put(
                      "original_max_position_embeddings",
                      keys.count(
                          "rope.scaling.original_context_length", keys.count("context_length")));
                }));
  }
}
