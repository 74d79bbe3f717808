package dev.diptych.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.diptych.model.blueprint.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceEmbeddingTests {

  private static final String KIND = "sentence_transformers.models.";

  @TempDir private Path folder;

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Modules as type and path, such as {@code Pooling:1_Pooling}. */
  private void modules(String... modules) throws IOException {
    StringBuilder list = new StringBuilder();
    for (String module : modules) {
      String[] parts = module.split(":", 2);
      String type = parts[0].contains(".") ? parts[0] : KIND + parts[0];
      list.append(list.isEmpty() ? "" : ",")
          .append(
              "{\"idx\": 0, \"name\": \"0\", \"path\": \"%s\", \"type\": \"%s\"}"
                  .formatted(parts[1], type));
    }
    write("modules.json", "[" + list + "]");
  }

  private void pooling(String folderName, String json) throws IOException {
    modules("Transformer:", "Pooling:" + folderName, "Normalize:2_Normalize");
    write(folderName + "/config.json", json);
  }

  private SentenceEmbedding read() throws IOException {
    return SentenceEmbedding.read(folder);
  }

  private void isRefused(String... message) {
    assertThatIOException()
        .isThrownBy(this::read)
        .withMessageContainingAll(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(folder.toString()));
  }

  @Test
  void withoutFilesItIsTheMean() throws IOException {
    SentenceEmbedding embedding = read();
    assertThat(embedding.poolings()).containsExactly(Pooling.MEAN);
    assertThat(embedding.poolsPrompts()).isTrue();
    assertThat(embedding.maxTokens()).isEmpty();
    assertThat(embedding.prompts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pooling_mode_cls_token, CLS",
    "pooling_mode_max_tokens, MAX",
    "pooling_mode_mean_tokens, MEAN",
    "pooling_mode_mean_sqrt_len_tokens, MEAN_SQRT_LENGTH",
    "pooling_mode_weightedmean_tokens, WEIGHTED_MEAN",
    "pooling_mode_lasttoken, LAST_TOKEN"
  })
  void everyOldModeIsKnownWhereverItsFolderIs(String field, Pooling pooling) throws IOException {
    String mean = field.contains("_mean_tokens") ? "" : "\"pooling_mode_mean_tokens\": false, ";
    pooling(
        "some/where", "{\"word_embedding_dimension\": 4, %s\"%s\": true}".formatted(mean, field));
    assertThat(read().poolings()).containsExactly(pooling);
  }

  @ParameterizedTest
  @CsvSource({
    "cls, CLS",
    "max, MAX",
    "mean, MEAN",
    "mean_sqrt_len_tokens, MEAN_SQRT_LENGTH",
    "weightedmean, WEIGHTED_MEAN",
    "lasttoken, LAST_TOKEN"
  })
  void everyNewModeIsKnown(String mode, Pooling pooling) throws IOException {
    pooling("1_Pooling", "{\"embedding_dimension\": 4, \"pooling_mode\": \"%s\"}".formatted(mode));
    assertThat(read().poolings()).containsExactly(pooling);
    pooling(
        "1_Pooling", "{\"embedding_dimension\": 4, \"pooling_mode\": [\"%s\"]}".formatted(mode));
    assertThat(read().poolings()).containsExactly(pooling);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"pooling_mode\": [\"mean\", \"attention\"]}",
        "{\"pooling_mode\": [\"mean\", 3]}",
        "{\"pooling_mode\": [\"cls\", \"cls\", \"cls\", \"cls\", \"cls\", \"cls\", \"cls\"]}",
        "{\"pooling_mode\": 3}",
        "{\"pooling_mode\": \"attention\"}",
        "{\"pooling_mode\": []}",
        "{\"pooling_mode_attention\": true}",
        "{\"pooling_mode_cls_token\": 1}",
        "{\"include_prompt\": \"no\"}"
      })
  void otherPoolingIsRefused(String json) throws IOException {
    pooling("1_Pooling", json);
    isRefused("1_Pooling/config.json", "pool".repeat(json.contains("pool") ? 1 : 0));
  }

  @Test
  void promptsMayBeLeftOutOfPooling() throws IOException {
    pooling("1_Pooling", "{\"pooling_mode_mean_tokens\": true, \"include_prompt\": false}");
    assertThat(read().poolsPrompts()).isFalse();
  }

  @Test
  void severalPoolingsStandInTheOrderOfTheirFlags() throws IOException {
    pooling(
        "1_Pooling",
        """
        {"pooling_mode_mean_tokens": true, "pooling_mode_lasttoken": true, "pooling_mode_cls_token": true,
         "pooling_mode_weightedmean_tokens": true, "pooling_mode_mean_sqrt_len_tokens": true,
         "pooling_mode_max_tokens": true}
        """);
    assertThat(read().poolings())
        .containsExactly(
            Pooling.CLS,
            Pooling.MAX,
            Pooling.MEAN,
            Pooling.MEAN_SQRT_LENGTH,
            Pooling.WEIGHTED_MEAN,
            Pooling.LAST_TOKEN);
  }

  @Test
  void severalNamedPoolingsStandInTheirOwnOrder() throws IOException {
    pooling(
        "1_Pooling",
        "{\"pooling_mode\": [\"lasttoken\", \"cls\"], \"pooling_mode_max_tokens\": true}");
    assertThat(read().poolings()).containsExactly(Pooling.LAST_TOKEN, Pooling.CLS);
  }

  private void dense(String json) throws IOException {
    modules("Transformer:", "Pooling:1_Pooling", "Dense:2_Dense");
    write("1_Pooling/config.json", "{}");
    write("2_Dense/config.json", json);
  }

  @Test
  void stepsAreReadInTheirOrder() throws IOException {
    write("1_Pooling/config.json", "{}");
    write(
        "first/config.json",
        """
        {"in_features": 4, "out_features": 8, "bias": false, "use_residual": true,
         "activation_function": "torch.nn.modules.linear.Identity"}
        """);
    write("last/config.json", "{\"in_features\": 8, \"out_features\": 2}");
    modules(
        "Transformer:",
        "Pooling:1_Pooling",
        "Dense:first/",
        "Normalize:n",
        "Dropout:d",
        "Dense:last",
        "Normalize:n");
    assertThat(read().steps())
        .containsExactly(
            new VectorStep.Dense("first", 4, 8, false, DenseActivation.IDENTITY, true),
            new VectorStep.Normalize(),
            new VectorStep.Dense("last", 8, 2, true, DenseActivation.TANH, false),
            new VectorStep.Normalize());
  }

  @ParameterizedTest
  @CsvSource({
    "in_features, 0",
    "in_features, 200000",
    "out_features, \"8\"",
    "bias, 1",
    "use_residual, \"yes\"",
    "module_input_name, \"token_embeddings\"",
    "module_output_name, \"other\"",
    "activation_function, \"torch.nn.modules.activation.PReLU\"",
    "activation_function, \"torch.nn.functional.tanh\"",
    "activation_function, \"custom.Tanh\"",
    "activation_function, 3"
  })
  void aDenseModuleThatCannotBeMeantIsRefusedByName(String field, String value) throws IOException {
    Map<String, String> fields = new HashMap<>(Map.of("in_features", "4", "out_features", "8"));
    fields.put(field, value);
    dense(
        fields.entrySet().stream()
            .map(entry -> "\"%s\": %s".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", ", "{", "}")));
    isRefused("2_Dense/config.json", field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dense", "Normalize"})
  void whatMakesVectorsOfVectorsComesBehindThePooling(String type) throws IOException {
    write("1_Pooling/config.json", "{}");
    write("1/config.json", "{\"in_features\": 4, \"out_features\": 8}");
    modules("Transformer:", type + ":1", "Pooling:1_Pooling");
    isRefused("modules.json", type, "before the Pooling");
  }

  @Test
  void aDenseModuleWithoutListIsRefused() throws IOException {
    write("1_Pooling/config.json", "{}");
    write("2_Dense/config.json", "{\"in_features\": 4, \"out_features\": 8}");
    isRefused("2_Dense", "no modules.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"transformer_task\": \"fill-mask\"}",
        "{\"module_output_name\": \"sentence_embedding\"}",
        "{\"modality_config\": {\"text\": {\"method\": \"forward\", \"method_output_name\":"
            + " \"pooler_output\"}}}",
        "{\"modality_config\": {\"text\": {\"method\": \"get_text_features\"}}}",
        "{\"modality_config\": {\"image\": {\"method\": \"forward\"}}}",
        "{\"processing_kwargs\": {\"text\": {\"max_length\": 3}}}",
        "{\"tokenizer_args\": {\"do_lower_case\": true}}",
        "{\"query_expansion\": {\"length\": 32}}"
      })
  void anotherUseOfTheTransformerIsRefused(String json) throws IOException {
    pooling("1_Pooling", "{}");
    write("sentence_bert_config.json", json);
    isRefused("sentence_bert_config.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LayerNorm", "CNN", "WordWeights", "custom_st.Router"})
  void anyOtherModuleIsRefusedByName(String type) throws IOException {
    pooling("1_Pooling", "{}");
    modules("Transformer:", "Pooling:1_Pooling", type + ":2");
    isRefused("modules.json", type);
  }

  @Test
  void newerNamesOfModulesAreTheSame() throws IOException {
    write("1_Pooling/config.json", "{\"pooling_mode\": \"cls\"}");
    modules(
        "sentence_transformers.base.modules.transformer.Transformer:",
        "sentence_transformers.sentence_transformer.modules.pooling.Pooling:1_Pooling",
        "sentence_transformers.base.modules.normalize.Normalize:2_Normalize");
    assertThat(read().poolings()).containsExactly(Pooling.CLS);
  }

  @Test
  void whatTheListNamesMustBeThere() throws IOException {
    modules("Transformer:", "Pooling:1_Pooling");
    isRefused("1_Pooling/config.json");
    modules("Transformer:");
    isRefused("no Pooling");
    modules("Pooling:1_Pooling");
    isRefused("Transformer");
    modules("Transformer:0_Transformer", "Pooling:1_Pooling");
    isRefused("0_Transformer");
    modules("Transformer:", "Pooling:../other");
    isRefused("../other");
    modules("Transformer:", "Pooling:/other");
    isRefused("/other");
    write("modules.json", "{}");
    isRefused("modules.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sentence_bert_config.json",
        "sentence_roberta_config.json",
        "sentence_distilbert_config.json",
        "sentence_xlm-roberta_config.json"
      })
  void theLongestTextStandsUnderOlderNamesToo(String name) throws IOException {
    write(name, "{\"max_seq_length\": 37, \"do_lower_case\": true}");
    assertThat(read().maxTokens()).isEqualTo(OptionalInt.of(37));
    assertThat(read().lowersCase()).isTrue();
  }

  @Test
  void promptsAndTheirDefaultAreRead() throws IOException {
    write(
        "config_sentence_transformers.json",
        """
        {"__version__": {"pytorch": "2"}, "similarity_fn_name": "cosine", "default_prompt_name": "query",
         "prompts": {"query": "q: ", "document": ""}}
        """);
    assertThat(read().prompts()).isEqualTo(Map.of("query", "q: ", "document", ""));
    assertThat(read().defaultPrompt()).isEqualTo("query");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompts\": {\"query\": \"q: \"}, \"default_prompt_name\": \"document\"}",
        "{\"default_prompt_name\": \"document\"}",
        "{\"prompts\": [\"q\"]}",
        "{\"prompts\": {\"q\": 3}}",
        "{\"model_type\": \"SparseEncoder\"}"
      })
  void promptsThatCannotBeMeantAreRefused(String json) throws IOException {
    write("config_sentence_transformers.json", json);
    isRefused("config_sentence_transformers.json");
  }
}
