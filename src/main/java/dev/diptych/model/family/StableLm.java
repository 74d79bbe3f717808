package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * StableLM (arXiv:2402.17834): a Llama with layer norms and heads that rotate in part, whose
 * attention and feed-forward part may be side by side.
 */
final class StableLm implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("stablelm", 50_304, 2560, 6912, 32, 32, 32, 0, 4096);

  @Override
  public Set<String> modelTypes() {
    return Set.of("stablelm");
  }

  @Override
  public boolean knowsOwnCode() {
    return true;
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.require("qk_layernorm", false, "norms that differ from head to head are not supported");
    DecoderFields fields = DecoderFields.read(config, USUAL).withHeadsOfTheirShare(config);
    Norm norm = new Norm.LayerNorm(config.positive(1e-5, "layer_norm_eps"), true);
    Attention attention =
        fields
            .attention(RopeFields.partial(config, fields, 10_000, 0.25))
            .withBiases(config.flag(false, "use_qkv_bias"), false);
    FeedForward feedForward =
        fields.gated(Activations.read(config, Activation.SILU, "hidden_act"), false);
    boolean parallel = config.flag(false, "use_parallel_residual");
    Residual around = parallel ? Residual.plain() : Residual.before(norm);
    Head languageModel = new Head.LanguageModel(config.flag(false, "tie_word_embeddings"));
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer -> new Layer(layer, attention, Residual.before(norm), feedForward, around, parallel),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint).build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("stablelm", "stablelm")
            .with(
                (keys, config) -> {
                  config.put("layer_norm_eps", keys.number("attention.layer_norm_epsilon"));
                  config.put("use_parallel_residual", !keys.hasTensor("blk.0.ffn_norm.weight"));
                  config.put("use_qkv_bias", keys.hasTensor("blk.0.attn_q.bias"));
                  config.put("qk_layernorm", keys.hasTensor("blk.0.attn_q_norm.weight"));
                  config.putIfAbsent("partial_rotary_factor", 1.0);
                }));
  }
}
