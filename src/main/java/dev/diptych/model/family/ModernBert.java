package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * ModernBERT (arXiv:2412.13663): norms before, a gated feed-forward part, rotary positions; most
 * layers look through a window and rotate with a base of their own. All heads begin alike.
 */
final class ModernBert implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("modernbert");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.refuse("rope_scaling", "only rope_parameters are read");
    config.find("position_embedding_type", "layer_norm_eps"); // which its releases have for nothing
    Norm norm =
        new Norm.LayerNorm(config.positive(1e-5, "norm_eps"), config.flag(false, "norm_bias"));
    EncoderFields fields = EncoderFields.read(config, norm, 8192);
    boolean biases = config.flag(false, "mlp_bias");
    FeedForward feedForward =
        new FeedForward(
            fields.feedForward(),
            true,
            Activations.read(config, Activation.GELU, "hidden_activation"),
            biases,
            biases);
    int every = config.count(1, SizeLimits.LAYERS, 3, "global_attn_every_n_layers");
    List<Boolean> local = Windows.layerTypes(config, fields.layers());
    Attention global =
        attention(config, fields, "full_attention", config.positive(160_000, "global_rope_theta"));
    Attention near =
        attention(config, fields, "sliding_attention", config.positive(10_000, "local_rope_theta"))
            .withWindow(window(config, fields.positions()));
    return fields.blueprint(
        new Embeddings(fields.width(), 0, 0, 0, norm, 1),
        n ->
            Layer.of(
                n,
                (local == null ? n % every > 0 : local.get(n)) ? near : global,
                n == 0 ? Residual.plain() : Residual.before(norm),
                feedForward,
                Residual.before(norm)),
        norm,
        head(config, head, fields));
  }

  private static Attention attention(
      ConfigFile config, EncoderFields fields, String layerType, double theta) throws IOException {
    boolean biases = config.flag(false, "attention_bias");
    RotaryEmbedding rotary =
        RopeFields.ofType(config, layerType, fields.headWidth(), fields.positions(), theta);
    return fields.attention(new Positions.Rotary(rotary)).withBiases(biases, biases);
  }

  /* Half of local_attention is visible on either side. */
  private static int window(ConfigFile config, int context) throws IOException {
    int side = config.count(0, Integer.MAX_VALUE, 128, "local_attention") / 2;
    return side + 1 < context ? side + 1 : 0;
  }

  private static Head head(ConfigFile config, HeadKind kind, EncoderFields fields)
      throws IOException {
    Head.Transform transform =
        new Head.Transform(
            fields.width(),
            config.flag(false, "classifier_bias"),
            Activations.read(config, Activation.GELU, "classifier_activation"),
            fields.norm());
    boolean mean = config.oneOf("classifier_pooling", "cls", "mean").equals("mean");
    boolean bias = config.flag(true, "decoder_bias");
    return switch (kind) {
      case PRETRAINING -> new Head.MaskedLanguageModel(fields.tied(), transform, bias);
      case SEQUENCE_CLASSIFIER ->
          new Head.SequenceClassifier(
              LabelFields.read(config), mean ? Pooling.MEAN : Pooling.CLS, transform, true);
      case TOKEN_CLASSIFIER -> new Head.TokenClassifier(LabelFields.read(config), transform, true);
      case QUESTION_ANSWERING -> new Head.QuestionAnswering(transform);
    };
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    Attention attention = blueprint.layers().getFirst().attention();
    long width = attention.queryWidth();
    long inner = blueprint.layers().getFirst().feedForward().width();
    boolean masked = blueprint.head() instanceof Head.MaskedLanguageModel;
    String qkv = "layers.{}.attn.Wqkv";
    String up = "layers.{}.mlp.Wi";
    return WeightNames.under("model.", "")
        .slot("embedding.tokens", "embeddings.tok_embeddings")
        .slot("embedding.norm", "embeddings.norm")
        .slot("layer.{}.attention.norm_before", "layers.{}.attn_norm")
        .part("layer.{}.attention.query", qkv, new Part.Rows(0, width, 3 * width))
        .part("layer.{}.attention.key", qkv, new Part.Rows(width, width, 3 * width))
        .part("layer.{}.attention.value", qkv, new Part.Rows(2 * width, width, 3 * width))
        .slot("layer.{}.attention.output", "layers.{}.attn.Wo")
        .slot("layer.{}.feed_forward.norm_before", "layers.{}.mlp_norm")
        .part("layer.{}.feed_forward.gate", up, new Part.Rows(0, inner, 2 * inner))
        .part("layer.{}.feed_forward.up", up, new Part.Rows(inner, inner, 2 * inner))
        .slot("layer.{}.feed_forward.down", "layers.{}.mlp.Wo")
        .slot("norm", "final_norm")
        .head("head.transform", "head.dense")
        .head("head.norm", "head.norm")
        .head("head.output", masked ? "decoder" : "classifier")
        .unused("(head|decoder|classifier)\\..*")
        .build();
  }
}
