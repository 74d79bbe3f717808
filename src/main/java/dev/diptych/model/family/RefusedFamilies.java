package dev.diptych.model.family;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Families whose computation is known and not done here, by what is lacking for them. */
final class RefusedFamilies {

  private static final List<Lack> LACKS =
      List.of(
          new Lack(
              "feed-forward parts that are chosen for each token (mixture of experts)",
              "qwen3_moe",
              "qwen2_moe",
              "mixtral",
              "olmoe",
              "phimoe",
              "granitemoe",
              "gpt_oss",
              "ernie4_5_moe",
              "dbrx",
              "jetmoe"),
          new Lack(
              "keys and values that are stored in latent form",
              "deepseek_v2",
              "deepseek_v3",
              "minicpm3"),
          new Lack(
              "layers of short convolutions, which keep the last states of a sequence",
              "lfm2",
              "lfm2_moe"),
          new Lack(
              "layers of linear attention (gated delta net), which keep one state of a sequence",
              "qwen3_5",
              "qwen3_5_text",
              "qwen3_5_moe",
              "qwen3_5_moe_text",
              "qwen3_next"),
          new Lack(
              "state space and other recurrent layers, which keep one state of a sequence",
              "mamba",
              "mamba2",
              "falcon_mamba",
              "falcon_h1",
              "jamba",
              "bamba",
              "zamba",
              "zamba2",
              "granitemoehybrid",
              "recurrent_gemma",
              "rwkv",
              "nemotron_h"),
          new Lack("norms without weights and bounded queries, keys and values", "olmo"),
          new Lack("attention with linear biases of its distances (ALiBi)", "bloom", "mpt"),
          new Lack(
              "embeddings for each layer and several streams of hidden states",
              "gemma3n",
              "gemma3n_text",
              "gemma4",
              "gemma4_text"),
          new Lack(
              "rotations of neighbouring channels",
              "cohere",
              "cohere2",
              "gptj",
              "codegen",
              "glm",
              "glm4"),
          new Lack(
              "pairs of an encoder and a decoder",
              "t5",
              "mt5",
              "umt5",
              "bart",
              "mbart",
              "pegasus",
              "marian",
              "m2m_100"));

  private RefusedFamilies() {}

  /** What is lacking for a {@code model_type}; null if it is not one of these. */
  static @Nullable String lackOf(String modelType) {
    return LACKS.stream()
        .filter(lack -> lack.modelTypes.contains(modelType))
        .map(Lack::what)
        .findFirst()
        .orElse(null);
  }

  private record Lack(String what, Set<String> modelTypes) {

    Lack(String what, String... modelTypes) {
      this(what, Set.of(modelTypes));
    }
  }
}
