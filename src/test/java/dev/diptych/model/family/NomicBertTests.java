package dev.diptych.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.FeedForward;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NomicBERT has two forms of config.json. */
class NomicBertTests {

  private static final String RELEASE =
      """
      {"activation_function": "swiglu", "architectures": ["NomicBertModel"], "attn_pdrop": 0.0,
       "auto_map": {"AutoModel": "nomic-ai/nomic-bert-2048--modeling_hf_nomic_bert.NomicBertModel"},
       "bos_token_id": null, "causal": false, "dense_seq_output": true, "embd_pdrop": 0.0,
       "eos_token_id": null, "fused_bias_fc": true, "fused_dropout_add_ln": true,
       "initializer_range": 0.02, "layer_norm_epsilon": 1e-12, "max_trained_positions": 2048,
       "mlp_fc1_bias": false, "mlp_fc2_bias": false, "model_type": "nomic_bert", "n_embd": 768,
       "n_head": 12, "n_inner": 3072, "n_layer": 12, "n_positions": 8192,
       "pad_vocab_size_multiple": 64, "parallel_block": false, "parallel_block_tied_norm": false,
       "prenorm": false, "qkv_proj_bias": false, "reorder_and_upcast_attn": false,
       "resid_pdrop": 0.0, "rotary_emb_base": 1000, "rotary_emb_fraction": 1.0,
       "rotary_emb_interleaved": false, "rotary_emb_scale_base": null,
       "rotary_scaling_factor": null, "scale_attn_by_inverse_layer_idx": false,
       "scale_attn_weights": true, "summary_activation": null, "summary_first_dropout": 0.0,
       "summary_proj_to_labels": true, "summary_type": "cls_index", "summary_use_proj": true,
       "torch_dtype": "float32", "type_vocab_size": 2, "use_cache": true, "use_flash_attn": true,
       "use_rms_norm": false, "use_xentropy": true, "vocab_size": 30522}
      """;

  private static final String TRANSFORMERS =
      """
      {"model_type": "nomic_bert", "vocab_size": 30528, "hidden_size": 768,
       "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12,
       "max_position_embeddings": 8192}
      """;

  @TempDir private Path folder;

  private Blueprint release(String field, String value) throws IOException {
    return FamilyConfigs.parse(
        folder,
        RELEASE.replaceFirst(
            "\"%s\": [^,}]+".formatted(field), "\"%s\": %s".formatted(field, value)));
  }

  @Test
  void bothFormsSayTheSame() throws IOException {
    Blueprint blueprint = FamilyConfigs.parse(folder, RELEASE);
    Blueprint expected = FamilyConfigs.parse(folder, TRANSFORMERS);
    assertThat(blueprint.layers()).isEqualTo(expected.layers());
    assertThat(blueprint.embeddings()).isEqualTo(expected.embeddings());
    assertThat(blueprint.vocabulary()).isEqualTo(expected.vocabulary());
    assertThat(blueprint.context()).isEqualTo(expected.context());
  }

  @Test
  void stretchedRotationsEndWhereTrainingDid() throws IOException {
    assertThat(release("rotary_scaling_factor", "2.0").context()).isEqualTo(2048);
  }

  @Test
  void aGateMayBeAnotherFunction() throws IOException {
    assertThat(release("activation_function", "\"geglu\"").layers().getFirst().feedForward())
        .isEqualTo(new FeedForward(3072, true, Activation.GELU, false, false));
  }

  @ParameterizedTest
  @CsvSource({
    "activation_function, '\"glu\"'",
    "causal, true",
    "parallel_block, true",
    "prenorm, true",
    "rotary_emb_fraction, 0.0",
    "rotary_emb_interleaved, true",
    "rotary_emb_scale_base, 512",
    "use_rms_norm, true",
  })
  void whatCannotBeSaidIsRefusedByName(String field, String value) {
    assertThatIOException().isThrownBy(() -> release(field, value)).withMessageContaining(field);
  }

  @Test
  void mixturesOfExpertsAreRefused() {
    String mixture = RELEASE.replace("{\"activation", "{\"moe_every_n_layers\": 2, \"activation");
    assertThatIOException()
        .isThrownBy(() -> FamilyConfigs.parse(folder, mixture))
        .withMessageContaining("moe_every_n_layers");
  }
}
