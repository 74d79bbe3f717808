package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * ALBERT (arXiv:1909.11942): a BERT whose layers share their weights within a group, with
 * embeddings of a width of their own.
 */
final class Albert implements Family {

  private static final String LAYER = "encoder.albert_layer_groups.%s.albert_layers.%s.";

  @Override
  public Set<String> modelTypes() {
    return Set.of("albert");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.oneOf("position_embedding_type", "absolute");
    EncoderFields fields = EncoderFields.read(config);
    int width = config.count(1, SizeLimits.WIDTH, 128, "embedding_size");
    if (width == fields.width()) {
      throw new IOException(
          "%s: embedding_size %d is hidden_size, and a projection between both is not supported"
              .formatted(config.name(), width));
    }
    Embeddings embeddings =
        new Embeddings(
            width,
            fields.positions(),
            0,
            config.count(1, SizeLimits.SEGMENTS, 2, "type_vocab_size"),
            fields.norm(),
            1);
    Activation activation = Activations.read(config, Activation.GELU_TANH, "hidden_act");
    Attention attention = fields.attention(new Positions.None());
    FeedForward feedForward = fields.feedForward(activation);
    return fields.blueprint(
        embeddings,
        weightsOfLayers(config, fields.layers())
            .mapToObj(weights -> fields.layer(weights, attention, feedForward))
            .toList(),
        new Norm.None(),
        EncoderHead.of(
            config,
            head,
            EncoderHead.masked(fields, width, activation),
            EncoderHead.pooler(fields.width(), Activation.TANH)));
  }

  /* Whose weights each layer has: those of its group, or each layer of the one group its own. */
  private static IntStream weightsOfLayers(ConfigFile config, int layers) throws IOException {
    int groups = config.count(1, layers, 1, "num_hidden_groups");
    int inner = config.count(1, SizeLimits.LAYERS, 1, "inner_group_num");
    if (inner == 1) {
      return IntStream.range(0, layers).map(layer -> (int) (layer / ((double) layers / groups)));
    }
    if (groups > 1) {
      throw new IOException(
          "%s: inner_group_num %d with num_hidden_groups %d is not supported"
              .formatted(config.name(), inner, groups));
    }
    SizeLimits.product("num_hidden_layers", layers, "inner_group_num", inner, SizeLimits.LAYERS);
    return IntStream.range(0, layers * inner).map(layer -> layer % inner);
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    WeightNames.Builder names =
        WeightNames.under("albert.", "")
            .slot("embedding.tokens", "embeddings.word_embeddings")
            .slot("embedding.positions", "embeddings.position_embeddings")
            .slot("embedding.types", "embeddings.token_type_embeddings")
            .slot("embedding.norm", "embeddings.LayerNorm")
            .slot("embedding.projection", "encoder.embedding_hidden_mapping_in");
    layer(names, "attention.query", "attention.query");
    layer(names, "attention.key", "attention.key");
    layer(names, "attention.value", "attention.value");
    layer(names, "attention.output", "attention.dense");
    layer(names, "attention.norm_behind", "attention.LayerNorm");
    layer(names, "feed_forward.up", "ffn");
    layer(names, "feed_forward.down", "ffn_output");
    layer(names, "feed_forward.norm_behind", "full_layer_layer_norm");
    switch (blueprint.head()) {
      case Head.MaskedLanguageModel head ->
          names
              .head("head.transform", "predictions.dense")
              .head("head.norm", "predictions.LayerNorm")
              .head("head.output", "predictions.decoder")
              .head(
                  "head.output.bias",
                  Bert.biases(head, "predictions.bias", "predictions.decoder.bias"));
      case Head.QuestionAnswering _ -> names.head("head.output", "qa_outputs");
      default -> names.slot("head.transform", "pooler").head("head.output", "classifier");
    }
    return names
        .unused(
            "(predictions|sop_classifier|classifier|qa_outputs)\\..*|.*\\.?pooler\\..*|.*position_ids")
        .build();
  }

  /* A number is that of a group, or of a layer within the only group. */
  private static void layer(WeightNames.Builder names, String slot, String name) {
    names.slot(
        "layer.{}." + slot, LAYER.formatted("{}", "0") + name, LAYER.formatted("0", "{}") + name);
  }
}
