package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;

/** Reads NomicBERT's config.json as its own release has it, a GPT-2's with fields added. */
final class NomicBertRelease {

  static final double THETA = 1_000;

  private static final int MULTIPLE = 256; // of the width of a gated feed-forward part

  private NomicBertRelease() {}

  static Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    refuseOtherComputation(config);
    EncoderFields fields = fields(config);
    int headWidth = fields.headWidth();
    boolean attentionBiases = config.flag(true, "qkv_proj_bias");
    boolean upBias = config.flag(true, "mlp_fc1_bias");
    boolean gelu = config.oneOf("activation_function", "swiglu", "geglu").equals("geglu");
    Activation activation = gelu ? Activation.GELU : Activation.SILU;
    RotaryEmbedding rotary =
        new RotaryEmbedding(headWidth, config.positive(10_000, "rotary_emb_base"), null);
    Attention attention = fields.attention(new Positions.Rotary(rotary));
    return fields.blueprint(
        NomicBert.embeddings(config, fields, 0),
        attention.withBiases(attentionBiases, attentionBiases),
        new FeedForward(
            fields.feedForward(), true, activation, upBias, config.flag(true, "mlp_fc2_bias")),
        NomicBert.head(config, head, fields, activation, upBias));
  }

  private static EncoderFields fields(ConfigFile config) throws IOException {
    int padded = config.count(1, SizeLimits.VOCABULARY, 1, "pad_vocab_size_multiple");
    int vocabulary = config.count(SizeLimits.VOCABULARY, "vocab_size");
    int inner = config.count(SizeLimits.WIDTH, "n_inner");
    return new EncoderFields(
        config.text("", "model_type"),
        Math.ceilDiv(vocabulary, padded) * padded,
        config.count(SizeLimits.WIDTH, "n_embd"),
        Math.ceilDiv(inner, MULTIPLE) * MULTIPLE,
        config.count(SizeLimits.LAYERS, "n_layer"),
        config.count(SizeLimits.WIDTH, "n_head"),
        positions(config),
        new Norm.LayerNorm(config.positive(1e-5, "layer_norm_epsilon"), true),
        config.flag(true, "tie_word_embeddings"));
  }

  /* Behind the positions of training a scaling factor changes the rotation with each length. */
  private static int positions(ConfigFile config) throws IOException {
    int most = config.count(SizeLimits.POSITIONS, "n_positions");
    int trained = config.count(1, SizeLimits.POSITIONS, 2048, "max_trained_positions");
    boolean stretched = config.number(0, "rotary_scaling_factor") != 0;
    return stretched ? Math.min(most, trained) : most;
  }

  private static void refuseOtherComputation(ConfigFile config) throws IOException {
    config.find(
        "scale_attn_weights",
        "scale_attn_by_inverse_layer_idx",
        "parallel_block_tied_norm"); // unused
    config.require("prenorm", false, "norms before the parts of a layer are not supported");
    config.require("parallel_block", false, "parallel parts of a layer are not supported");
    config.require("use_rms_norm", false, "root mean square norms are not supported");
    config.require("causal", false, "an encoder that looks one way is not supported");
    config.require("rotary_emb_interleaved", false, "interleaved channels are not supported");
    config.require("rotary_head_dim", false, "rotation by heads is not supported");
    config.refuse("rotary_emb_scale_base", "scaled rotations are not supported");
    config.refuse("rope_parameters", "rotations are read from rotary_emb_base");
    config.refuse("rope_scaling", "rotations are read from rotary_emb_base");
    if (config.number(0, "rotary_emb_fraction") != 1) {
      throw new IOException(
          "%s: rotary_emb_fraction must be 1: heads that rotate in part, and learned positions, are not supported"
              .formatted(config.name()));
    }
    if (config.count(-1, Integer.MAX_VALUE, 0, "moe_every_n_layers") > 0) {
      throw new IOException(
          "%s: moe_every_n_layers asks for a mixture of experts, which is not supported"
              .formatted(config.name()));
    }
  }
}
