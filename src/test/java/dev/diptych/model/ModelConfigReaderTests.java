package dev.diptych.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields are read, harmless, or refused by name. */
class ModelConfigReaderTests {

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
    ModelConfig model = ModelConfigReader.read(config);
    assertThat(ModelConfigReader.unknown(config)).isEmpty();
    assertThat(model.hiddenSize()).isEqualTo(64);
    assertThat(model.layers()).isEqualTo(2);
    assertThat(model.heads()).isEqualTo(4);
  }

  @Test
  void aFieldThatNoClassHasIsToldAndIgnored() throws IOException {
    Configs.write(folder, Configs.with("llama", "made_up", "3").toString());
    ConfigFile config = ConfigFile.read(folder, "config.json");
    ModelConfigReader.read(config);
    assertThat(ModelConfigReader.unknown(config)).containsExactly("made_up");
    assertThat(ModelConfigReader.read(folder)).isInstanceOf(DecoderConfig.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt2 | activation_function | \"relu\"",
        "gpt2 | scale_attn_weights | false",
        "gpt2 | scale_attn_by_inverse_layer_idx | true",
        "gpt2 | add_cross_attention | true",
        "llama | hidden_act | \"gelu\"",
        "llama | partial_rotary_factor | 0.5",
        "llama | rope_scaling | \"linear\"",
        "llama | rope_scaling | {\"type\": \"dynamic\", \"factor\": 2.0}",
        "llama | rope_parameters | {\"rope_type\": \"yarn\", \"factor\": 4.0}",
        "llama | rope_parameters | {\"rope_type\": \"longrope\", \"factor\": 4.0}",
        "llama | rope_parameters | {\"full_attention\": {\"rope_theta\": 10000.0}}",
        "llama | rope_parameters | {\"partial_rotary_factor\": 0.25}",
        "llama | quantization_config | {\"quant_method\": \"gptq\", \"bits\": 4}",
        "llama | auto_map | {\"AutoModelForCausalLM\": \"modeling.Other\"}",
        "llama | pruned_heads | {\"1\": [0]}",
        "llama | attention_bias | \"no\"",
        "llama | tie_word_embeddings | 1",
        "llama | rms_norm_eps | 0",
        "llama | head_dim | 15",
        "llama | num_key_value_heads | 3",
        "qwen2 | layer_types | [\"full_attention\", \"sliding_attention\"]",
        "qwen2 | layer_types | [\"full_attention\"]",
        "bert | is_decoder | true",
        "bert | add_cross_attention | true",
        "bert | is_encoder_decoder | true",
        "bert | position_embedding_type | \"relative_key\"",
        "bert | hidden_act | \"relu\"",
        "bert | hidden_size | 63",
        "roberta | pad_token_id | -1",
        "roberta | pad_token_id | 600",
        "distilbert | activation | \"relu\"",
        "distilbert | hidden_size | 128"
      })
  void whatIsNotComputedIsRefusedByName(String type, String field, String value) {
    assertThatIOException()
        .isThrownBy(() -> Configs.read(folder, Configs.with(type, field, value)))
        .withMessageMatching("(?s).*(%s|padding index|hidden size).*".formatted(field));
  }

  @Test
  void aSlidingWindowIsRefusedUnlessNoLayerOrPositionIsBehindIt() throws IOException {
    var config = Configs.with("qwen2", "layer_types", "");
    config.put("use_sliding_window", true);
    assertThat(Configs.read(folder, config)).isNotNull(); // from layer 28 on
    config.put("max_window_layers", 1);
    assertThatIOException()
        .isThrownBy(() -> Configs.read(folder, config))
        .withMessageContaining("sliding attention window of 64 (use_sliding_window)");
    config.put("sliding_window", 512);
    assertThat(Configs.read(folder, config)).isNotNull();
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
    ModelConfig model = Configs.read(folder, Configs.with(type, "tie_word_embeddings", ""));
    assertThat(
            switch (model) {
              case DecoderConfig decoder -> decoder.tied();
              case EncoderConfig encoder -> encoder.tied();
            })
        .isEqualTo(tied);
  }

  @Test
  void biasesAreThoseThatTheFamilyOrItsFieldsSay() throws IOException {
    var llama = Configs.complete("llama");
    assertThat(((DecoderConfig) Configs.read(folder, llama)).biases())
        .isEqualTo(DecoderConfig.Biases.NONE);
    llama.put("attention_bias", true).put("mlp_bias", true);
    assertThat(((DecoderConfig) Configs.read(folder, llama)).biases())
        .isEqualTo(new DecoderConfig.Biases(true, true, true));
    assertThat(((DecoderConfig) Configs.read(folder, Configs.complete("qwen2"))).biases())
        .isEqualTo(new DecoderConfig.Biases(true, false, false));
  }

  @Test
  void distilbertsNormsHaveOneEpsilonWhateverAFieldSays() throws IOException {
    var config = Configs.with("distilbert", "layer_norm_eps", "0.1");
    assertThat(((EncoderConfig) Configs.read(folder, config)).normEpsilon()).isEqualTo(1e-12);
  }

  @Test
  void aSizeMayStandUnderItsOtherName() throws IOException {
    var config = Configs.with("gpt2", "n_embd", "");
    config.put("hidden_size", 128);
    assertThat(Configs.read(folder, config).hiddenSize()).isEqualTo(128);
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

  @Test
  void messagesNameFilesWithoutTheFolder() {
    assertThatIOException()
        .isThrownBy(() -> ModelConfigReader.read(folder))
        .withMessageContaining("config.json")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(folder.toString()));
  }
}
