package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** DeBERTa-v2 and v3 (arXiv:2006.03654, arXiv:2111.09543): a BERT with disentangled attention. */
final class DebertaV2 implements Family {

  private static final String CONTENT_TO_POSITION = "c2p";
  private static final String POSITION_TO_CONTENT = "p2c";

  @Override
  public Set<String> modelTypes() {
    return Set.of("deberta-v2");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    EncoderFields fields = EncoderFields.read(config, EncoderFields.norm(config, 1e-7), 512);
    int width = fields.width();
    config.count(width, width, width, "embedding_size");
    config.count(width, width, width, "pooler_hidden_size");
    if (config.count(0, Integer.MAX_VALUE, 0, "conv_kernel_size") > 0) {
      throw new IOException(
          "%s: conv_kernel_size asks for a convolution beside the first layer, which is not supported"
              .formatted(config.name()));
    }
    boolean biased = config.flag(true, "position_biased_input");
    Embeddings embeddings =
        new Embeddings(
            width,
            biased ? fields.positions() : 0,
            0,
            config.count(0, SizeLimits.SEGMENTS, 0, "type_vocab_size"),
            fields.norm(),
            1);
    boolean legacy = config.flag(true, "legacy");
    Head.Transform transform =
        new Head.Transform(
            width, true, Activations.read(config, Activation.GELU, "hidden_act"), fields.norm());
    return fields.blueprint(
        embeddings,
        attention(config, fields),
        fields.feedForward(transform.activation()),
        EncoderHead.of(
            config,
            head,
            new Head.MaskedLanguageModel(fields.tied() || !legacy, transform, true),
            EncoderHead.pooler(
                width, Activations.read(config, Activation.GELU, "pooler_hidden_act"))));
  }

  private static Attention attention(ConfigFile config, EncoderFields fields) throws IOException {
    Set<String> types = types(config);
    Norm norm = normOfDistances(config, fields);
    boolean relative = config.flag(false, "relative_attention");
    int buckets = config.count(-1, SizeLimits.LEARNED_POSITIONS, -1, "position_buckets");
    int most = config.count(-1, SizeLimits.LEARNED_POSITIONS, -1, "max_relative_positions");
    int distance = most < 1 ? fields.positions() : most;
    Positions positions =
        new Positions.Disentangled(
            buckets > 0 ? buckets : distance,
            buckets > 0 ? distance : 0,
            types.contains(CONTENT_TO_POSITION),
            types.contains(POSITION_TO_CONTENT),
            config.flag(false, "share_att_key"),
            norm);
    Attention attention =
        fields.attention(relative && !types.isEmpty() ? positions : new Positions.None());
    int headWidth = attention.headWidth();
    config.count(headWidth, headWidth, headWidth, "attention_head_size");
    return attention.withScale(1 / Math.sqrt((double) headWidth * (1 + types.size())));
  }

  private static Set<String> types(ConfigFile config) throws IOException {
    @Nullable JsonNode node = config.find("pos_att_type");
    Set<String> types = new HashSet<>();
    if (node != null && node.isString()) {
      for (String type : node.stringValue().toLowerCase(Locale.ROOT).split("\\|", -1)) {
        types.add(type.strip());
      }
    } else if (node != null && node.isArray()) {
      node.forEach(type -> types.add(type.asString("")));
    }
    types.remove("");
    if (!Set.of(CONTENT_TO_POSITION, POSITION_TO_CONTENT).containsAll(types)) {
      throw new IOException(
          "%s: pos_att_type %s is not supported (supported: c2p, p2c)"
              .formatted(config.name(), shortened(node)));
    }
    return types;
  }

  private static Norm normOfDistances(ConfigFile config, EncoderFields fields) throws IOException {
    String[] norms = config.text("none", "norm_rel_ebd").toLowerCase(Locale.ROOT).split("\\|", -1);
    boolean layerNorm = Arrays.stream(norms).map(String::strip).anyMatch("layer_norm"::equals);
    return layerNorm ? fields.norm() : new Norm.None();
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    String layer = "encoder.layer.{}.attention.self.";
    WeightNames.Builder names =
        Bert.layers("deberta.")
            .slot("relative_embedding", "encoder.rel_embeddings")
            .slot("relative_norm", "encoder.LayerNorm")
            .slot("layer.{}.attention.query", layer + "query_proj")
            .slot("layer.{}.attention.key", layer + "key_proj")
            .slot("layer.{}.attention.value", layer + "value_proj")
            .slot("layer.{}.attention.position_key", layer + "pos_key_proj")
            .slot("layer.{}.attention.position_query", layer + "pos_query_proj");
    switch (blueprint.head()) {
      case Head.MaskedLanguageModel head ->
          names
              .head(
                  "head.transform",
                  "cls.predictions.transform.dense",
                  "lm_predictions.lm_head.dense")
              .head(
                  "head.norm",
                  "cls.predictions.transform.LayerNorm",
                  "lm_predictions.lm_head.LayerNorm")
              .head("head.output", "cls.predictions.decoder")
              .head(
                  "head.output.bias",
                  Bert.biases(head, "cls.predictions.bias", "cls.predictions.decoder.bias"))
              .head("head.output.bias", "lm_predictions.lm_head.bias");
      case Head.QuestionAnswering _ -> names.head("head.output", "qa_outputs");
      default -> names.head("head.transform", "pooler.dense").head("head.output", "classifier");
    }
    return names
        .unused(
            "(cls|lm_predictions|mask_predictions|pooler|classifier|qa_outputs)\\..*"
                + "|(deberta\\.)?(embeddings\\.position_embeddings|encoder\\.(rel_embeddings|LayerNorm))\\..*"
                + "|.*position_ids")
        .build();
  }
}
