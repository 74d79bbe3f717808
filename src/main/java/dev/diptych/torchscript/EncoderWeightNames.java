package dev.diptych.torchscript;

import dev.diptych.model.EncoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a checkpoint's tensor names to the names that {@code bert.py} uses, which are those of BERT
 * without prefix.
 */
final class EncoderWeightNames {

  private static final List<String> PREFIXES = List.of("bert.", "roberta.", "distilbert.");

  private static final Map<String, String> DISTILBERT =
      Map.ofEntries(
          Map.entry("transformer.layer.", "encoder.layer."),
          Map.entry(".attention.q_lin.", ".attention.self.query."),
          Map.entry(".attention.k_lin.", ".attention.self.key."),
          Map.entry(".attention.v_lin.", ".attention.self.value."),
          Map.entry(".attention.out_lin.", ".attention.output.dense."),
          Map.entry(".sa_layer_norm.", ".attention.output.LayerNorm."),
          Map.entry(".ffn.lin1.", ".intermediate.dense."),
          Map.entry(".ffn.lin2.", ".output.dense."),
          Map.entry(".output_layer_norm.", ".output.LayerNorm."));

  private static final Map<String, String> HEADS =
      Map.ofEntries(
          Map.entry("cls.predictions.transform.dense.", "mlm.transform."),
          Map.entry("cls.predictions.transform.LayerNorm.", "mlm.LayerNorm."),
          Map.entry("cls.predictions.decoder.weight", "mlm.decoder.weight"),
          Map.entry("cls.predictions.bias", "mlm.bias"),
          Map.entry("lm_head.dense.", "mlm.transform."),
          Map.entry("lm_head.layer_norm.", "mlm.LayerNorm."),
          Map.entry("lm_head.decoder.weight", "mlm.decoder.weight"),
          Map.entry("lm_head.bias", "mlm.bias"),
          Map.entry("vocab_transform.", "mlm.transform."),
          Map.entry("vocab_layer_norm.", "mlm.LayerNorm."),
          Map.entry("vocab_projector.weight", "mlm.decoder.weight"),
          Map.entry("vocab_projector.bias", "mlm.bias"));

  private EncoderWeightNames() {}

  /** The name in bert.py; null for a tensor that it does not use. */
  static @Nullable String canonical(String stored) {
    for (Map.Entry<String, String> head : HEADS.entrySet()) {
      if (stored.startsWith(head.getKey())) {
        return head.getValue() + stored.substring(head.getKey().length());
      }
    }
    String name = stored;
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        name = name.substring(prefix.length());
      }
    }
    for (Map.Entry<String, String> part : DISTILBERT.entrySet()) {
      name = name.replace(part.getKey(), part.getValue());
    }
    // names of the original TensorFlow release that old conversions kept
    name =
        name.replace("LayerNorm.gamma", "LayerNorm.weight")
            .replace("LayerNorm.beta", "LayerNorm.bias");
    return name.startsWith("embeddings.") || name.startsWith("encoder.") ? name : null;
  }

  /** The tensors that {@code bert.py} needs, with their shapes. */
  static List<WeightShape> expected(EncoderConfig config, boolean masked) {
    long hidden = config.hiddenSize();
    long intermediate = config.intermediateSize();
    List<WeightShape> shapes = new ArrayList<>();
    shapes.add(
        WeightShape.of("embeddings.word_embeddings.weight", config.vocabularySize(), hidden));
    shapes.add(WeightShape.of("embeddings.position_embeddings.weight", config.positions(), hidden));
    if (config.segments() > 0) {
      shapes.add(
          WeightShape.of("embeddings.token_type_embeddings.weight", config.segments(), hidden));
    }
    shapes.addAll(WeightShape.norm("embeddings.LayerNorm", hidden));
    for (int i = 0; i < config.layers(); i++) {
      String layer = "encoder.layer." + i + ".";
      for (String part : List.of("query", "key", "value")) {
        shapes.addAll(WeightShape.linear(layer + "attention.self." + part, hidden, hidden));
      }
      shapes.addAll(WeightShape.linear(layer + "attention.output.dense", hidden, hidden));
      shapes.addAll(WeightShape.norm(layer + "attention.output.LayerNorm", hidden));
      shapes.addAll(WeightShape.linear(layer + "intermediate.dense", intermediate, hidden));
      shapes.addAll(WeightShape.linear(layer + "output.dense", hidden, intermediate));
      shapes.addAll(WeightShape.norm(layer + "output.LayerNorm", hidden));
    }
    if (masked) {
      shapes.addAll(WeightShape.linear("mlm.transform", hidden, hidden));
      shapes.addAll(WeightShape.norm("mlm.LayerNorm", hidden));
      shapes.add(WeightShape.of("mlm.bias", config.vocabularySize()));
    }
    return shapes;
  }

  /** The tensors that {@code bert.py} uses if they are there. */
  static List<WeightShape> optional(EncoderConfig config) {
    return List.of(
        WeightShape.of("mlm.decoder.weight", config.vocabularySize(), config.hiddenSize()));
  }
}
