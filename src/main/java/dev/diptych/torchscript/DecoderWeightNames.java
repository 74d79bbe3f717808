package dev.diptych.torchscript;

import dev.diptych.model.DecoderConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From a checkpoint's tensor names to the names that {@code llama.py} and {@code gpt2.py} use. */
final class DecoderWeightNames {

  private static final String GPT2_PREFIX = "transformer.";

  private DecoderWeightNames() {}

  /** The name in the script; null for a tensor that it does not use. */
  static @Nullable String canonical(String stored, DecoderConfig.Family family) {
    return switch (family) {
      case LLAMA -> stored.endsWith("rotary_emb.inv_freq") ? null : stored;
      case GPT2 -> gpt2(stored);
    };
  }

  private static @Nullable String gpt2(String stored) {
    String name = stored.startsWith(GPT2_PREFIX) ? stored.substring(GPT2_PREFIX.length()) : stored;
    // buffers with the causal mask, not weights
    return name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias") ? null : name;
  }

  /** The tensors that the script needs, with their shapes. */
  static List<WeightShape> expected(DecoderConfig config) {
    return switch (config.family()) {
      case LLAMA -> llama(config);
      case GPT2 -> gpt2(config);
    };
  }

  /** The tensors that the script uses if they are there. */
  static List<WeightShape> optional(DecoderConfig config) {
    long hidden = config.hiddenSize();
    List<WeightShape> shapes = new ArrayList<>();
    shapes.add(WeightShape.of("lm_head.weight", config.vocabularySize(), hidden));
    if (config.family() == DecoderConfig.Family.LLAMA) {
      long keys = (long) config.keyValueHeads() * config.headDimension();
      for (int i = 0; i < config.layers(); i++) {
        String layer = "model.layers." + i + ".";
        shapes.add(
            WeightShape.of(
                layer + "self_attn.q_proj.bias", (long) config.heads() * config.headDimension()));
        shapes.add(WeightShape.of(layer + "self_attn.k_proj.bias", keys));
        shapes.add(WeightShape.of(layer + "self_attn.v_proj.bias", keys));
        shapes.add(WeightShape.of(layer + "self_attn.o_proj.bias", hidden));
        shapes.add(WeightShape.of(layer + "mlp.gate_proj.bias", config.intermediateSize()));
        shapes.add(WeightShape.of(layer + "mlp.up_proj.bias", config.intermediateSize()));
        shapes.add(WeightShape.of(layer + "mlp.down_proj.bias", hidden));
      }
    }
    return shapes;
  }

  private static List<WeightShape> llama(DecoderConfig config) {
    long hidden = config.hiddenSize();
    long intermediate = config.intermediateSize();
    long queries = (long) config.heads() * config.headDimension();
    long keys = (long) config.keyValueHeads() * config.headDimension();
    List<WeightShape> shapes = new ArrayList<>();
    shapes.add(WeightShape.of("model.embed_tokens.weight", config.vocabularySize(), hidden));
    shapes.add(WeightShape.of("model.norm.weight", hidden));
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      shapes.add(WeightShape.of(layer + "input_layernorm.weight", hidden));
      shapes.add(WeightShape.of(layer + "post_attention_layernorm.weight", hidden));
      shapes.add(WeightShape.of(layer + "self_attn.q_proj.weight", queries, hidden));
      shapes.add(WeightShape.of(layer + "self_attn.k_proj.weight", keys, hidden));
      shapes.add(WeightShape.of(layer + "self_attn.v_proj.weight", keys, hidden));
      shapes.add(WeightShape.of(layer + "self_attn.o_proj.weight", hidden, queries));
      shapes.add(WeightShape.of(layer + "mlp.gate_proj.weight", intermediate, hidden));
      shapes.add(WeightShape.of(layer + "mlp.up_proj.weight", intermediate, hidden));
      shapes.add(WeightShape.of(layer + "mlp.down_proj.weight", hidden, intermediate));
    }
    return shapes;
  }

  private static List<WeightShape> gpt2(DecoderConfig config) {
    long hidden = config.hiddenSize();
    long intermediate = config.intermediateSize();
    List<WeightShape> shapes = new ArrayList<>();
    shapes.add(WeightShape.of("wte.weight", config.vocabularySize(), hidden));
    shapes.add(WeightShape.of("wpe.weight", config.contextLength(), hidden));
    shapes.addAll(WeightShape.norm("ln_f", hidden));
    for (int i = 0; i < config.layers(); i++) {
      String layer = "h." + i + ".";
      shapes.addAll(WeightShape.norm(layer + "ln_1", hidden));
      shapes.addAll(WeightShape.norm(layer + "ln_2", hidden));
      // stored [inputs, outputs]
      shapes.add(WeightShape.of(layer + "attn.c_attn.weight", hidden, 3 * hidden));
      shapes.add(WeightShape.of(layer + "attn.c_attn.bias", 3 * hidden));
      shapes.add(WeightShape.of(layer + "attn.c_proj.weight", hidden, hidden));
      shapes.add(WeightShape.of(layer + "attn.c_proj.bias", hidden));
      shapes.add(WeightShape.of(layer + "mlp.c_fc.weight", hidden, intermediate));
      shapes.add(WeightShape.of(layer + "mlp.c_fc.bias", intermediate));
      shapes.add(WeightShape.of(layer + "mlp.c_proj.weight", intermediate, hidden));
      shapes.add(WeightShape.of(layer + "mlp.c_proj.bias", hidden));
    }
    return shapes;
  }
}
