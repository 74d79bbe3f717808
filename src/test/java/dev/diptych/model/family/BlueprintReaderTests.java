package dev.diptych.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Fields are read, harmless, or refused by name. */
class BlueprintReaderTests {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "llama",
        "qwen2",
        "bert",
        "roberta",
        "xlm-roberta",
        "camembert",
        "distilbert"
      })
  void everyFieldOfHuggingFacesClassIsKnown(String type) throws IOException {
    Configs.write(folder, Configs.complete(type).toString());
    ConfigFile config = ConfigFile.read(folder, "config.json");
    Blueprint model = BlueprintReader.read(config);
    assertThat(BlueprintReader.unknown(config)).isEmpty();
    assertThat(model.width()).isEqualTo(64);
    assertThat(model.layers()).hasSize(2);
    assertThat(model.layers().getFirst().attention().heads()).isEqualTo(4);
  }

  @Test
  void aFieldThatNoClassHasIsToldAndIgnored() throws IOException {
    Configs.write(folder, Configs.with("llama", "made_up", "3").toString());
    ConfigFile config = ConfigFile.read(folder, "config.json");
    BlueprintReader.read(config);
    assertThat(BlueprintReader.unknown(config)).containsExactly("made_up");
    assertThat(BlueprintReader.read(folder).family()).isEqualTo("llama");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt2 | activation_function | \"quick_gelu\"",
        "gpt2 | scale_attn_weights | false",
        "gpt2 | scale_attn_by_inverse_layer_idx | true",
        "gpt2 | add_cross_attention | true",
        "llama | hidden_act | \"gelu_10\"",
        "llama | partial_rotary_factor | 0.5",
        "llama | rope_scaling | \"linear\"",
        "llama | rope_parameters | {\"rope_type\": \"ntk\", \"factor\": 2.0}",
        "llama | rope_parameters | {\"partial_rotary_factor\": 0.25}",
        "llama | rope_parameters | {\"rope_type\": \"longrope\", \"factor\": 4.0}",
        "llama | rope_parameters | {\"full_attention\": {\"rope_theta\": 10000.0}}",
        "llama | quantization_config | {\"quant_method\": \"gptq\", \"bits\": 4}",
        "llama | auto_map | {\"AutoModelForCausalLM\": \"modeling.Other\"}",
        "llama | pruned_heads | {\"1\": [0]}",
        "llama | attention_bias | \"no\"",
        "llama | tie_word_embeddings | 1",
        "llama | rms_norm_eps | 0",
        "llama | head_dim | 15",
        "llama | num_key_value_heads | 3",
        "qwen2 | layer_types | [\"full_attention\"]",
        "bert | is_decoder | true",
        "bert | add_cross_attention | true",
        "bert | is_encoder_decoder | true",
        "bert | position_embedding_type | \"relative_key\"",
        "bert | hidden_act | \"relu2\"",
        "bert | hidden_size | 63",
        "roberta | pad_token_id | -1",
        "roberta | pad_token_id | 600",
        "distilbert | activation | \"relu2\"",
        "distilbert | hidden_size | 128"
      })
  void whatIsNotComputedIsRefusedByName(String type, String field, String value) {
    assertThatIOException()
        .isThrownBy(() -> Configs.read(folder, Configs.with(type, field, value)))
        .withMessageMatching("(?s).*(%s|padding index|hidden size).*".formatted(field));
  }

  @Test
  void layersSlideFromTheOneOnThatQwenSays() throws IOException {
    var config = Configs.with("qwen2", "layer_types", "");
    config.put("use_sliding_window", true);
    assertThat(windows(config)).containsExactly(0, 0); // from layer 28 on
    config.put("max_window_layers", 1);
    assertThat(windows(config)).containsExactly(0, 64);
    config.put("sliding_window", 512); // which no position is behind
    assertThat(windows(config)).containsExactly(0, 0);
  }

  private List<Integer> windows(ObjectNode config) throws IOException {
    return Configs.read(folder, config).layers().stream()
        .map(layer -> layer.attention().window())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2, true",
    "llama, false",
    "qwen2, false",
    "bert, true",
    "roberta, true",
    "distilbert, true"
  })
  void anOutputLayerThatNobodySpeaksOfIsTiedAsInTheClass(String type, boolean tied)
      throws IOException {
    Blueprint model = Configs.read(folder, Configs.with(type, "tie_word_embeddings", ""));
    assertThat(
            switch (model.head()) {
              case Head.LanguageModel head -> head.tied();
              case Head.MaskedLanguageModel head -> head.tied();
              default -> throw new AssertionError(model.head());
            })
        .isEqualTo(tied);
  }

  @Test
  void biasesAreThoseThatTheFamilyOrItsFieldsSay() throws IOException {
    var llama = Configs.complete("llama");
    assertThat(biases(llama)).containsExactly(false, false, false);
    llama.put("attention_bias", true).put("mlp_bias", true);
    assertThat(biases(llama)).containsExactly(true, true, true);
    assertThat(biases(Configs.complete("qwen2"))).containsExactly(true, false, false);
  }

  private List<Boolean> biases(ObjectNode config) throws IOException {
    Layer layer = Configs.read(folder, config).layers().getFirst();
    return List.of(
        layer.attention().queryBias(),
        layer.attention().outputBias(),
        layer.feedForward().downBias());
  }

  @Test
  void distilbertsNormsHaveOneEpsilonWhateverAFieldSays() throws IOException {
    var config = Configs.with("distilbert", "layer_norm_eps", "0.1");
    assertThat(Configs.read(folder, config).embeddings().norm())
        .isEqualTo(new Norm.LayerNorm(1e-12, true));
  }

  @Test
  void aSizeMayStandUnderItsOtherName() throws IOException {
    var config = Configs.with("gpt2", "n_embd", "");
    config.put("hidden_size", 128);
    assertThat(Configs.read(folder, config).width()).isEqualTo(128);
  }

  @Test
  void aProductOfSizesIsRefusedWhereEachAloneIsNot() {
    var config = Configs.with("llama", "num_attention_heads", "131072");
    config.put("num_key_value_heads", 131072).put("head_dim", 96).put("hidden_size", 16);
    assertThatIOException()
        .isThrownBy(() -> Configs.read(folder, config))
        .withMessageContaining("attention heads 131072 times their width 96 is 12582912");
  }

  @ParameterizedTest
  @CsvSource({
    "llama, max_position_embeddings, 16777216, head_dim, 64",
    "llama, vocab_size, 2000000, hidden_size, 131072",
    "llama, intermediate_size, 131072, hidden_size, 131072",
    "gpt2, vocab_size, 2000000, n_embd, 131072",
    "bert, vocab_size, 2000000, hidden_size, 131072",
    "distilbert, hidden_dim, 131072, dim, 131072"
  })
  void tablesThatAreTooLargeAreRefused(String type, String a, int x, String b, int y) {
    var config = Configs.complete(type);
    config.put(a, x).put(b, y);
    assertThatIOException()
        .isThrownBy(() -> Configs.read(folder, config))
        .withMessageContaining("times");
  }

  @Test
  void anAdapterIsRefused() throws IOException {
    Files.writeString(folder.resolve("adapter_config.json"), "{}");
    assertThatIOException()
        .isThrownBy(() -> Configs.read(folder, Configs.complete("llama")))
        .withMessageContaining("adapter_config.json");
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3_moe, mixture of experts",
    "mixtral, mixture of experts",
    "lfm2, short convolutions",
    "qwen3_5_text, gated delta net",
    "mamba2, recurrent layers",
    "olmo, norms without weights",
    "t5, pairs of an encoder and a decoder"
  })
  void aFamilyThatIsKnownAndNotComputedIsRefusedWithWhatItLacks(String type, String lack) {
    assertThatIOException()
        .isThrownBy(
            () -> {
              Configs.write(folder, "{\"model_type\": \"%s\"}".formatted(type));
              BlueprintReader.read(folder);
            })
        .withMessageContaining("model_type '%s' is not supported: it needs".formatted(type))
        .withMessageContaining(lack);
  }

  @Test
  void codeOfACheckpointIsPassedOverWhereTheFamilyComputesTheSame() throws IOException {
    String code = "{'auto_map': {'AutoModelForCausalLM': 'modeling_phi3.Phi3ForCausalLM'}}";
    assertThat(FamilyConfigs.read(folder, "phi3", code.replace('\'', '"')).family())
        .isEqualTo("phi3");
  }

  @Test
  void messagesNameFilesWithoutTheFolder() {
    assertThatIOException()
        .isThrownBy(() -> BlueprintReader.read(folder))
        .withMessageContaining("config.json")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(folder.toString()));
  }
}
