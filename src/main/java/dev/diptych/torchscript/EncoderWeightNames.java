package dev.diptych.torchscript;

import dev.diptych.model.EncoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The tensors that {@code bert.py} needs, which it names as BERT without its prefix, and their
 * names in checkpoints.
 */
final class EncoderWeightNames {

  /** There if and only if a checkpoint has a masked-language-model head. */
  static final String MASKED_HEAD = "mlm.transform.weight";

  private static final String EMBEDDING = "embeddings.word_embeddings.weight";
  private static final String DECODER = "mlm.decoder.weight";

  private static final Map<String, String> DISTILBERT_PARTS =
      TensorNames.inOrder(
          "encoder.layer.", "transformer.layer.",
          ".attention.self.query.", ".attention.q_lin.",
          ".attention.self.key.", ".attention.k_lin.",
          ".attention.self.value.", ".attention.v_lin.",
          ".attention.output.dense.", ".attention.out_lin.",
          ".attention.output.LayerNorm.", ".sa_layer_norm.",
          ".intermediate.dense.", ".ffn.lin1.",
          ".output.dense.", ".ffn.lin2.",
          ".output.LayerNorm.", ".output_layer_norm.");

  /* Heads for other tasks, and a buffer with numbers of positions. */
  private static final String UNUSED =
      "cls\\.(seq_relationship|predictions\\.decoder)\\..*|(classifier|pre_classifier|qa_outputs)\\..*"
          + "|(lm_head\\.decoder|vocab_projector)\\..*|.*\\.?pooler\\..*|.*position_ids";

  private EncoderWeightNames() {}

  /** How checkpoints of a family name its tensors. */
  static TensorNames of(EncoderConfig config) {
    return switch (config.family()) {
      case BERT ->
          names(
              "bert.",
              Map.of(),
              "cls.predictions.transform.dense.",
              "cls.predictions.transform.LayerNorm.",
              "cls.predictions.decoder.weight",
              biases(config, "cls.predictions.bias", "cls.predictions.decoder.bias"));
      case ROBERTA ->
          names(
              "roberta.",
              Map.of(),
              "lm_head.dense.",
              "lm_head.layer_norm.",
              "lm_head.decoder.weight",
              biases(config, "lm_head.bias", "lm_head.decoder.bias"));
      case DISTILBERT ->
          names(
              "distilbert.",
              DISTILBERT_PARTS,
              "vocab_transform.",
              "vocab_layer_norm.",
              "vocab_projector.weight",
              List.of("vocab_projector.bias"));
    };
  }

  /* One bias with two names while the head is tied; else the layer has its own. */
  private static List<String> biases(EncoderConfig config, String ofHead, String ofLayer) {
    return config.tied() ? List.of(ofHead, ofLayer) : List.of(ofLayer, ofHead);
  }

  private static TensorNames names(
      String prefix,
      Map<String, String> parts,
      String transform,
      String norm,
      String decoder,
      List<String> biases) {
    Map<String, List<String>> heads =
        Map.of(
            "mlm.transform.",
            List.of(transform),
            "mlm.LayerNorm.",
            List.of(norm),
            DECODER,
            List.of(decoder),
            "mlm.bias",
            biases);
    return new TensorNames(
        "", List.of(prefix, ""), parts, heads, EMBEDDING, DECODER, Pattern.compile(UNUSED));
  }

  /** The tensors that {@code bert.py} needs, with their shapes. */
  static List<WeightShape> expected(EncoderConfig config, boolean masked) {
    long hidden = config.hiddenSize();
    long intermediate = config.intermediateSize();
    List<WeightShape> shapes = new ArrayList<>();
    shapes.add(WeightShape.of(EMBEDDING, config.vocabularySize(), hidden));
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
      if (!config.tied()) {
        shapes.add(WeightShape.of(DECODER, config.vocabularySize(), hidden));
      }
    }
    return shapes;
  }
}
