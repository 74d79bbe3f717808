package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.Set;

/**
 * NomicBERT (arXiv:2402.01613): a BERT with rotary positions and a gated feed-forward part. Its own
 * release names the fields of config.json as GPT-2 does, transformers as BERT does.
 */
final class NomicBert implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("nomic_bert");
  }

  @Override
  public boolean knowsOwnCode() {
    return true;
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    if (head == HeadKind.QUESTION_ANSWERING) {
      throw new IOException(
          "%s: question answering is not supported with nomic_bert".formatted(config.name()));
    }
    if (config.find("n_embd") != null && config.find("hidden_size") == null) {
      return NomicBertRelease.blueprint(config, head);
    }
    EncoderFields fields = EncoderFields.read(config, EncoderFields.norm(config, 1e-12), 2048);
    int headWidth = fields.headWidth();
    config.count(headWidth, headWidth, headWidth, "head_dim");
    Attention attention =
        fields.attention(
            new Positions.Rotary(
                RopeFields.read(config, headWidth, fields.positions(), NomicBertRelease.THETA)));
    Activation activation = Activations.read(config, Activation.SILU, "hidden_act");
    return fields.blueprint(
        embeddings(config, fields, 1),
        attention.withBiases(false, false),
        new FeedForward(fields.feedForward(), true, activation, false, false),
        head(config, head, fields, activation, true));
  }

  static Embeddings embeddings(ConfigFile config, EncoderFields fields, int leastTypes)
      throws IOException {
    int types = config.count(leastTypes, SizeLimits.SEGMENTS, 2, "type_vocab_size");
    return new Embeddings(fields.width(), 0, 0, types, fields.norm(), 1);
  }

  static Head head(
      ConfigFile config, HeadKind kind, EncoderFields fields, Activation activation, boolean bias)
      throws IOException {
    Head.Transform transform = new Head.Transform(fields.width(), bias, activation, fields.norm());
    return EncoderHead.of(
        config,
        kind,
        new Head.MaskedLanguageModel(fields.tied(), transform, bias),
        EncoderHead.pooler(fields.width(), Activation.TANH));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    long width = blueprint.layers().getFirst().attention().queryWidth();
    String qkv = "encoder.layers.{}.attn.Wqkv";
    WeightNames.Builder names =
        WeightNames.under("nomic_bert.", "", "bert.")
            .slot("embedding.tokens", "embeddings.word_embeddings")
            .slot("embedding.types", "embeddings.token_type_embeddings")
            .slot("embedding.norm", "emb_ln")
            .part("layer.{}.attention.query", qkv, new Part.Rows(0, width, 3 * width))
            .part("layer.{}.attention.key", qkv, new Part.Rows(width, width, 3 * width))
            .part("layer.{}.attention.value", qkv, new Part.Rows(2 * width, width, 3 * width))
            .slot("layer.{}.attention.output", "encoder.layers.{}.attn.out_proj")
            .slot("layer.{}.attention.norm_behind", "encoder.layers.{}.norm1")
            .slot("layer.{}.feed_forward.gate", "encoder.layers.{}.mlp.fc12")
            .slot("layer.{}.feed_forward.up", "encoder.layers.{}.mlp.fc11")
            .slot("layer.{}.feed_forward.down", "encoder.layers.{}.mlp.fc2")
            .slot("layer.{}.feed_forward.norm_behind", "encoder.layers.{}.norm2");
    switch (blueprint.head()) {
      case Head.MaskedLanguageModel head ->
          names
              .head("head.transform", "cls.predictions.transform.dense")
              .head("head.norm", "cls.predictions.transform.layer_norm")
              .head("head.output", "cls.predictions.decoder")
              .head(
                  "head.output.bias",
                  Bert.biases(head, "cls.predictions.bias", "cls.predictions.decoder.bias"));
      default -> names.slot("head.transform", "pooler.dense").head("head.output", "classifier");
    }
    return names.unused("(cls|classifier)\\..*|.*\\.?pooler\\..*|.*inv_freq").build();
  }
}
