package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

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
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** GPT-Neo: a GPT-2 with unscaled attention, every other layer of which has a window. */
final class GptNeo implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("gpt_neo");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.find("attention_layers", "embed_dropout", "resid_dropout"); // the first is the types
    int width = config.count(1, SizeLimits.WIDTH, 2048, "hidden_size");
    int heads = config.count(1, SizeLimits.WIDTH, 16, "num_heads", "num_attention_heads");
    int positions = config.count(1, SizeLimits.LEARNED_POSITIONS, 2048, "max_position_embeddings");
    SizeLimits.divisible("hidden_size", width, "num_heads", heads);
    DecoderFields fields =
        new DecoderFields(
            "gpt_neo",
            config.count(1, SizeLimits.VOCABULARY, 50_257, "vocab_size"),
            width,
            config.count(1, SizeLimits.WIDTH, Math.multiplyExact(4, width), "intermediate_size"),
            config.count(1, SizeLimits.LAYERS, 24, "num_layers", "num_hidden_layers"),
            heads,
            heads,
            width / heads,
            positions);
    int window = config.count(1, Integer.MAX_VALUE, 256, "window_size");
    Windows windows = new Windows(window, positions, local(config, fields.layers()));
    Norm norm = new Norm.LayerNorm(config.positive(1e-5, "layer_norm_epsilon"), true);
    Attention attention =
        fields.attention(new Positions.None()).withBiases(false, true).withScale(1);
    FeedForward feedForward =
        fields.plain(Activations.read(config, Activation.GELU_TANH, "activation_function"), true);
    Head languageModel = new Head.LanguageModel(config.flag(true, "tie_word_embeddings"));
    return fields.blueprint(
        new Embeddings(width, positions, 0, 0, new Norm.None(), 1),
        layer ->
            Layer.of(
                layer,
                attention.withWindow(windows.of(layer)),
                Residual.before(norm),
                feedForward,
                Residual.before(norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  /* Which layers are local: attention_types has lists of kinds, each with how often it comes. */
  private static List<Boolean> local(ConfigFile config, int layers) throws IOException {
    JsonNode types = config.find("attention_types");
    if (types == null) {
      return IntStream.range(0, layers).mapToObj(layer -> layer % 2 == 1).toList();
    }
    List<String> kinds = new ArrayList<>();
    for (JsonNode part : types) {
      int times = Math.min(part.path(1).asInt(0), layers + 1);
      for (int i = 0; i < times && kinds.size() <= layers; i++) {
        part.path(0).forEach(kind -> kinds.add(kind.asString("")));
      }
    }
    if (kinds.size() != layers || !Set.of("global", "local").containsAll(kinds)) {
      throw new IOException(
          "%s: attention_types must be global or local for each of %d layers (got %s)"
              .formatted(config.name(), layers, shortened(types)));
    }
    return kinds.stream().map(kind -> kind.equals("local")).toList();
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return WeightNames.under("transformer.", "")
        .slot("embedding.tokens", "wte")
        .slot("embedding.positions", "wpe")
        .slot("layer.{}.attention.norm_before", "h.{}.ln_1")
        .slot("layer.{}.attention.query", "h.{}.attn.attention.q_proj")
        .slot("layer.{}.attention.key", "h.{}.attn.attention.k_proj")
        .slot("layer.{}.attention.value", "h.{}.attn.attention.v_proj")
        .slot("layer.{}.attention.output", "h.{}.attn.attention.out_proj")
        .slot("layer.{}.feed_forward.norm_before", "h.{}.ln_2")
        .slot("layer.{}.feed_forward.up", "h.{}.mlp.c_fc")
        .slot("layer.{}.feed_forward.down", "h.{}.mlp.c_proj")
        .slot("norm", "ln_f")
        .head("head.output", DecoderHead.names(blueprint.head(), "lm_head"))
        .unused("(score|qa_outputs|classifier)\\..*|.*\\.attn\\.attention\\.(bias|masked_bias)")
        .build();
  }
}
