package dev.diptych.model.family;

import dev.diptych.checkpoint.GgufModel;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.model.ConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The config.json that the metadata of a GGUF model stand for. */
public final class GgufConfiguration {

  /** The field that tells that config.json was made of a GGUF model, and of which architecture. */
  static final String ARCHITECTURE = "gguf_architecture";

  private static final Logger log = LoggerFactory.getLogger(GgufConfiguration.class);

  private static final String OUTPUT = "output.weight";

  /* What changes the computation where an architecture has it. */
  private static final Set<String> COMPUTING =
      Set.of(
          "expert_count",
          "attention.clamp_kqv",
          "attention.max_alibi_bias",
          "attention.sliding_window",
          "attention.scale",
          "attention.temperature_scale",
          "attention.q_lora_rank",
          "attention.kv_lora_rank",
          "attention.key_length_swa",
          "attention.layer_norm_epsilon",
          "attention.layer_norm_rms_epsilon",
          "attn_logit_softcapping",
          "final_logit_softcapping",
          "logit_scale",
          "residual_scale",
          "embedding_scale",
          "rope.scaling.alpha",
          "rope.scaling.attn_factor",
          "rope.scaling.yarn_log_multiplier",
          "rope.freq_base_swa",
          "rope.dimension_sections",
          "leading_dense_block_count",
          "nextn_predict_layers",
          "swin_norm");

  private GgufConfiguration() {}

  /** Whether the config.json of a folder was made here of a GGUF model's metadata. */
  public static boolean isIn(Path folder) throws IOException {
    ConfigFile config = ConfigFile.readIfPresent(folder, "config.json");
    return config != null && config.find(ARCHITECTURE) != null;
  }

  /**
   * The fields, without the ids of special tokens.
   *
   * @throws IOException if the architecture is not known, or asks for something that no family says
   */
  public static Map<String, Object> of(GgufModel model) throws IOException {
    GgufForm form = Families.gguf(model);
    String architecture = form.architecture();
    GgufKeys keys = new GgufKeys(model, architecture);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", form.modelType());
    config.put(ARCHITECTURE, architecture);
    sizes(model, keys, config);
    form.fields().put(keys, config);
    boolean causal = !Boolean.TRUE.equals(config.get("use_bidirectional_attention"));
    if (keys.flag("attention.causal", causal) != causal) {
      throw keys.invalid(
          "%s.attention.causal is %s, which is not computed".formatted(architecture, !causal));
    }
    refuseOthers(keys, architecture);
    return config;
  }

  private static void sizes(GgufModel model, GgufKeys keys, Map<String, Object> config)
      throws IOException {
    StoredTensor embeddings = model.tensors().get(GgufModel.EMBEDDINGS);
    if (embeddings == null || embeddings.shape().size() != 2) {
      throw keys.invalid("the matrix '%s' is missing".formatted(GgufModel.EMBEDDINGS));
    }
    int width = keys.count("embedding_length");
    int heads = keys.count("attention.head_count");
    int headWidth = keys.headWidth();
    config.put("vocab_size", embeddings.shape().getFirst());
    config.put("hidden_size", width);
    config.put("intermediate_size", feedForward(model, keys));
    config.put("num_hidden_layers", keys.count("block_count"));
    config.put("num_attention_heads", heads);
    config.put("num_key_value_heads", keys.count("attention.head_count_kv", heads));
    config.put("head_dim", headWidth);
    config.put("max_position_embeddings", keys.count("context_length"));
    config.put("tie_word_embeddings", !keys.hasTensor(OUTPUT));
    if (keys.has("attention.layer_norm_rms_epsilon")) {
      config.put("rms_norm_eps", keys.number("attention.layer_norm_rms_epsilon"));
    }
    int rotary = keys.count("rope.dimension_count", headWidth);
    if (rotary != headWidth) {
      config.put("partial_rotary_factor", (double) rotary / headWidth);
    }
    config.put("rope_theta", keys.number("rope.freq_base", 10_000));
    Map<String, Object> scaling = GgufRope.scaling(keys, rotary);
    if (!scaling.isEmpty()) {
      config.put("rope_scaling", scaling);
    }
  }

  /* Some converters wrote four times the width in any case. */
  private static long feedForward(GgufModel model, GgufKeys keys) throws IOException {
    StoredTensor down = model.tensors().get("blk.0.ffn_down.weight");
    int said = keys.count("feed_forward_length");
    return down == null || down.shape().size() != 2 ? said : down.shape().getLast();
  }

  /* As llama.cpp ignores what it does not know; what it knows is never ignored here. */
  private static void refuseOthers(GgufKeys keys, String architecture) throws IOException {
    for (String key : keys.unasked()) {
      String name = key.substring(architecture.length() + 1);
      if (COMPUTING.contains(name) && keys.number(name, 0) != 0) {
        throw keys.invalid("the metadata have %s, which is not computed".formatted(key));
      }
    }
    List<String> unknown = keys.unasked();
    if (!unknown.isEmpty()) {
      log.debug("metadata of a GGUF model that are not used: {}", String.join(", ", unknown));
    }
  }
}
