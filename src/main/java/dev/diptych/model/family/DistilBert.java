package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.Set;

/** DistilBERT (arXiv:1910.01108): a BERT without segments. */
final class DistilBert implements Family {

  private static final double EPSILON = 1e-12; // which no field says

  @Override
  public Set<String> modelTypes() {
    return Set.of("distilbert");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    Activation activation = Activations.read(config, Activation.GELU, "activation");
    EncoderFields fields =
        new EncoderFields(
            config.text("", "model_type"),
            config.count(SizeLimits.VOCABULARY, "vocab_size"),
            config.count(1, SizeLimits.WIDTH, 768, "dim", "hidden_size"),
            config.count(1, SizeLimits.WIDTH, 4 * 768, "hidden_dim"),
            config.count(1, SizeLimits.LAYERS, 6, "n_layers", "num_hidden_layers"),
            config.count(1, SizeLimits.WIDTH, 12, "n_heads", "num_attention_heads"),
            config.count(1, SizeLimits.LEARNED_POSITIONS, 512, "max_position_embeddings"),
            new Norm.LayerNorm(EPSILON, true),
            config.flag(true, "tie_word_embeddings"));
    return fields.blueprint(
        new Embeddings(fields.width(), fields.positions(), 0, 0, fields.norm(), 1),
        fields.attention(new Positions.None()),
        fields.feedForward(activation),
        EncoderHead.of(
            config,
            head,
            EncoderHead.masked(fields, fields.width(), activation),
            EncoderHead.pooler(fields.width(), Activation.RELU)));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    WeightNames.Builder names =
        WeightNames.under("distilbert.", "")
            .slot("embedding.tokens", "embeddings.word_embeddings")
            .slot("embedding.positions", "embeddings.position_embeddings")
            .slot("embedding.norm", "embeddings.LayerNorm")
            .slot("layer.{}.attention.query", "transformer.layer.{}.attention.q_lin")
            .slot("layer.{}.attention.key", "transformer.layer.{}.attention.k_lin")
            .slot("layer.{}.attention.value", "transformer.layer.{}.attention.v_lin")
            .slot("layer.{}.attention.output", "transformer.layer.{}.attention.out_lin")
            .slot("layer.{}.attention.norm_behind", "transformer.layer.{}.sa_layer_norm")
            .slot("layer.{}.feed_forward.up", "transformer.layer.{}.ffn.lin1")
            .slot("layer.{}.feed_forward.down", "transformer.layer.{}.ffn.lin2")
            .slot("layer.{}.feed_forward.norm_behind", "transformer.layer.{}.output_layer_norm");
    switch (blueprint.head()) {
      case Head.MaskedLanguageModel _ ->
          names
              .head("head.transform", "vocab_transform")
              .head("head.norm", "vocab_layer_norm")
              .head("head.output", "vocab_projector");
      case Head.QuestionAnswering _ -> names.head("head.output", "qa_outputs");
      default -> names.head("head.transform", "pre_classifier").head("head.output", "classifier");
    }
    return names
        .unused(
            "(vocab_transform|vocab_layer_norm|vocab_projector|classifier|pre_classifier"
                + "|qa_outputs)\\..*|.*position_ids")
        .build();
  }
}
