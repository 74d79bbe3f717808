package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.Set;

/** MPNet (arXiv:2004.09297): a RoBERTa without segments, with T5's relative positions besides. */
final class Mpnet implements Family {

  private static final int PADDING = 1; // whatever pad_token_id says
  private static final int BUCKETS = 32;
  private static final int MAX_DISTANCE = 128;

  @Override
  public Set<String> modelTypes() {
    return Set.of("mpnet");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.count(BUCKETS, BUCKETS, BUCKETS, "relative_attention_num_buckets");
    EncoderFields fields = EncoderFields.read(config);
    Embeddings embeddings =
        new Embeddings(fields.width(), fields.positions(), PADDING + 1, 0, fields.norm(), 1);
    return fields.blueprint(
        embeddings,
        fields.attention(new Positions.RelativeBias(BUCKETS, MAX_DISTANCE)),
        fields.feedForward(Activations.read(config, Activation.GELU, "hidden_act")),
        EncoderHead.of(
            config,
            head,
            EncoderHead.masked(fields, fields.width(), Activation.GELU),
            EncoderHead.pooler(fields.width(), Activation.TANH)));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    WeightNames.Builder names =
        WeightNames.under("mpnet.", "")
            .slot("embedding.tokens", "embeddings.word_embeddings")
            .slot("embedding.positions", "embeddings.position_embeddings")
            .slot("embedding.norm", "embeddings.LayerNorm")
            .slot("relative_bias", "encoder.relative_attention_bias")
            .slot("layer.{}.attention.query", "encoder.layer.{}.attention.attn.q")
            .slot("layer.{}.attention.key", "encoder.layer.{}.attention.attn.k")
            .slot("layer.{}.attention.value", "encoder.layer.{}.attention.attn.v")
            .slot("layer.{}.attention.output", "encoder.layer.{}.attention.attn.o")
            .slot("layer.{}.attention.norm_behind", "encoder.layer.{}.attention.LayerNorm")
            .slot("layer.{}.feed_forward.up", "encoder.layer.{}.intermediate.dense")
            .slot("layer.{}.feed_forward.down", "encoder.layer.{}.output.dense")
            .slot("layer.{}.feed_forward.norm_behind", "encoder.layer.{}.output.LayerNorm");
    return Roberta.head(names, blueprint.head()).build();
  }
}
