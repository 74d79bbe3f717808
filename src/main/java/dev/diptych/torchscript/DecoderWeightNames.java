package dev.diptych.torchscript;

import dev.diptych.model.DecoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The tensors that {@code llama.py} and {@code gpt2.py} need, and their names in checkpoints. */
final class DecoderWeightNames {

  private static final String HEAD = "lm_head.weight";
  private static final Map<String, List<String>> HEADS = Map.of(HEAD, List.of(HEAD));

  /* Heads for other tasks, and buffers: frequencies and causal masks. */
  private static final TensorNames LLAMA =
      new TensorNames(
          "model.",
          List.of("model.", ""),
          Map.of(),
          HEADS,
          "model.embed_tokens.weight",
          HEAD,
          Pattern.compile("(score|qa_outputs|classifier)\\..*|.*rotary_emb\\..*"));

  private static final TensorNames GPT2 =
      new TensorNames(
          "",
          List.of("transformer.", ""),
          Map.of(),
          HEADS,
          "wte.weight",
          HEAD,
          Pattern.compile(
              "(score|qa_outputs|classifier|multiple_choice_head)\\..*"
                  + "|.*\\.attn\\.(bias|masked_bias)"));

  private DecoderWeightNames() {}

  /** How checkpoints of a family name its tensors. */
  static TensorNames of(DecoderConfig.Family family) {
    return switch (family) {
      case LLAMA -> LLAMA;
      case GPT2 -> GPT2;
    };
  }

  /** The tensors that the script needs, with their shapes. */
  static List<WeightShape> expected(DecoderConfig config) {
    List<WeightShape> shapes =
        switch (config.family()) {
          case LLAMA -> llama(config);
          case GPT2 -> gpt2(config);
        };
    if (!config.tied()) {
      shapes.add(WeightShape.of(HEAD, config.vocabularySize(), config.hiddenSize()));
    }
    return shapes;
  }

  private static List<WeightShape> llama(DecoderConfig config) {
    long hidden = config.hiddenSize();
    long intermediate = config.intermediateSize();
    long queries = config.queryWidth();
    long keys = config.keyValueWidth();
    DecoderConfig.Biases biases = config.biases();
    List<WeightShape> shapes = new ArrayList<>();
    shapes.add(WeightShape.of("model.embed_tokens.weight", config.vocabularySize(), hidden));
    shapes.add(WeightShape.of("model.norm.weight", hidden));
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      String attention = layer + "self_attn.";
      String feedForward = layer + "mlp.";
      boolean bias = biases.queriesKeysValues();
      shapes.add(WeightShape.of(layer + "input_layernorm.weight", hidden));
      shapes.add(WeightShape.of(layer + "post_attention_layernorm.weight", hidden));
      shapes.addAll(WeightShape.linear(attention + "q_proj", queries, hidden, bias));
      shapes.addAll(WeightShape.linear(attention + "k_proj", keys, hidden, bias));
      shapes.addAll(WeightShape.linear(attention + "v_proj", keys, hidden, bias));
      bias = biases.attentionOutput();
      shapes.addAll(WeightShape.linear(attention + "o_proj", hidden, queries, bias));
      bias = biases.feedForward();
      shapes.addAll(WeightShape.linear(feedForward + "gate_proj", intermediate, hidden, bias));
      shapes.addAll(WeightShape.linear(feedForward + "up_proj", intermediate, hidden, bias));
      shapes.addAll(WeightShape.linear(feedForward + "down_proj", hidden, intermediate, bias));
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
