package dev.diptych.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What config.json of decoders says, beyond what fixtures hold. */
class DecoderFamiliesTests {

  @TempDir private Path folder;

  private Blueprint read(String fixture, String changes) throws IOException {
    return FamilyConfigs.read(folder, fixture, changes.replace('\'', '"'));
  }

  private Blueprint without(String fixture, String... fields) throws IOException {
    ObjectNode config = FamilyConfigs.json(fixture);
    config.remove(List.of(fields));
    return FamilyConfigs.parse(folder, config.toString());
  }

  private static Attention attention(Blueprint blueprint, int layer) {
    return blueprint.layers().get(layer).attention();
  }

  private static List<Integer> windows(Blueprint blueprint) {
    return blueprint.layers().stream().map(layer -> layer.attention().window()).toList();
  }

  private static List<Boolean> rotating(Blueprint blueprint) {
    return blueprint.layers().stream()
        .map(layer -> layer.attention().positions() instanceof Positions.Rotary)
        .toList();
  }

  private static Head.LanguageModel head(Blueprint blueprint) {
    return (Head.LanguageModel) blueprint.head();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embedding-gemma",
        "exaone4",
        "falcon",
        "gemma",
        "gemma2",
        "gemma3",
        "gpt-neox",
        "gpt2",
        "granite",
        "llama-tied",
        "llama-yarn",
        "ministral3",
        "mistral",
        "olmo2",
        "olmo3",
        "phi",
        "phi3",
        "qwen2",
        "qwen3",
        "smollm3",
        "stablelm",
        "starcoder2"
      })
  void everyFieldOfHuggingFacesClassIsKnown(String fixture) throws IOException {
    ConfigFile config = FamilyConfigs.complete(folder, fixture);
    Blueprint blueprint = BlueprintReader.read(config);
    assertThat(BlueprintReader.unknown(config)).isEmpty();
    assertThat(blueprint.width()).isEqualTo(64);
    assertThat(blueprint.isCausal()).isEqualTo(!fixture.equals("embedding-gemma"));
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 32000, 4096, 11008, 32, 32, 32, 128, 2048, 1e-06, false",
    "mistral, 32000, 4096, 14336, 32, 32, 8, 128, 131072, 1e-06, false",
    "ministral, 32000, 4096, 14336, 32, 32, 8, 128, 131072, 1e-06, false",
    "ministral3, 131072, 4096, 14336, 34, 32, 8, 128, 262144, 1e-05, false",
    "qwen2, 151936, 4096, 22016, 32, 32, 32, 128, 32768, 1e-06, false",
    "qwen3, 151936, 4096, 22016, 32, 32, 32, 128, 32768, 1e-06, false",
    "smollm3, 128256, 2048, 11008, 36, 16, 4, 128, 32768, 1e-06, true",
    "gemma, 256000, 3072, 24576, 28, 16, 16, 256, 8192, 1e-06, true",
    "gemma2, 256000, 2304, 9216, 26, 8, 4, 256, 8192, 1e-06, true",
    "gemma3_text, 262208, 2304, 9216, 26, 8, 4, 256, 131072, 1e-06, true",
    "phi, 51200, 2048, 8192, 24, 32, 32, 64, 2048, 1e-05, false",
    "phi3, 32064, 3072, 8192, 32, 32, 32, 96, 4096, 1e-05, false",
    "gpt_neox, 50432, 6144, 24576, 44, 64, 64, 96, 2048, 1e-05, false",
    "falcon, 65024, 4544, 18176, 32, 71, 1, 64, 2048, 1e-05, true",
    "stablelm, 50304, 2560, 6912, 32, 32, 32, 80, 4096, 1e-05, false",
    "starcoder2, 49152, 3072, 12288, 30, 24, 2, 128, 4096, 1e-05, true",
    "olmo2, 50304, 4096, 11008, 32, 32, 32, 128, 2048, 1e-05, false",
    "olmo3, 50304, 4096, 11008, 32, 32, 32, 128, 2048, 1e-05, false",
    "granite, 32000, 4096, 11008, 32, 32, 32, 128, 2048, 1e-06, false",
    "exaone4, 102400, 4096, 16384, 32, 32, 32, 128, 2048, 1e-05, false"
  })
  void whatConfigJsonLeavesOutIsAsInTheClass(
      String type,
      int vocabulary,
      int width,
      int feedForward,
      int layers,
      int heads,
      int keyValueHeads,
      int headWidth,
      int context,
      double epsilon,
      boolean tied)
      throws IOException {
    Blueprint blueprint = FamilyConfigs.parse(folder, "{\"model_type\": \"%s\"}".formatted(type));
    Attention attention = attention(blueprint, 0);
    assertThat(
            List.of(
                blueprint.vocabulary(),
                blueprint.width(),
                blueprint.layers().getFirst().feedForward().width(),
                blueprint.layers().size(),
                attention.heads(),
                attention.keyValueHeads(),
                attention.headWidth(),
                blueprint.context()))
        .containsExactly(
            vocabulary, width, feedForward, layers, heads, keyValueHeads, headWidth, context);
    assertThat(
            switch (blueprint.finalNorm()) {
              case Norm.LayerNorm(double of, boolean _) -> of;
              case Norm.RootMeanSquare(double of, boolean _) -> of;
              case Norm.None _ -> 0;
            })
        .isEqualTo(epsilon);
    assertThat(head(blueprint).tied()).isEqualTo(tied);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "falcon | {'alibi': true} | alibi",
        "falcon | {'new_decoder_architecture': true, 'parallel_attn': false} | parallel_attn",
        "falcon | {'num_ln_in_parallel_attn': 2} | num_ln_in_parallel_attn",
        "falcon | {'num_ln_in_parallel_attn': 3} | num_ln_in_parallel_attn",
        "falcon | {'multi_query': false, 'num_kv_heads': 2} | num_kv_heads",
        "falcon | {'apply_residual_connection_post_layernorm': true} | apply_residual_connection",
        "falcon | {'activation': 'relu2'} | activation 'relu2'",
        "falcon | {'num_attention_heads': 3, 'num_kv_heads': null} | num_attention_heads",
        "stablelm | {'qk_layernorm': true} | qk_layernorm",
        "stablelm | {'head_dim': 32} | head_dim",
        "gpt-neox | {'head_dim': 32} | head_dim",
        "gpt-neox | {'rope_parameters': null, 'rotary_pct': 0.01} | partial_rotary_factor",
        "gemma | {'use_bidirectional_attention': true} | use_bidirectional_attention",
        "gemma2 | {'use_bidirectional_attention': true} | use_bidirectional_attention",
        "gemma2 | {'sliding_window': null} | sliding_window",
        "gemma2 | {'final_logit_softcapping': 0} | final_logit_softcapping",
        "gemma3 | {'attn_logit_softcapping': 50.0} | attn_logit_softcapping",
        "gemma3 | {'rope_parameters': {'rope_theta': 1e6}} | rope_theta",
        "gemma3 | {'layer_types': ['chunked_attention', 'full_attention', 'full_attention',"
            + " 'full_attention', 'full_attention', 'full_attention']} | chunked_attention",
        "ministral3 | {'rope_parameters': {'rope_theta': 1e6}} | llama_4_scaling_beta",
        "mistral | {'rope_parameters': {'llama_4_scaling_beta': 0.1}} | llama_4_scaling_beta",
        "mistral | {'sliding_window': 0} | sliding_window",
        "smollm3 | {'no_rope_layers': [1, 0]} | no_rope_layers",
        "smollm3 | {'no_rope_layers': 4} | no_rope_layers",
        "exaone4 | {'layer_types': null, 'sliding_window_pattern': 'LLXG'} |"
            + " sliding_window_pattern",
        "qwen3 | {'layer_types': ['full_attention', 'sliding_attention']} | sliding_window",
        "phi3 | {'rope_parameters': {'rope_type': 'longrope'}} | short_factor",
        "phi3 | {'quantization_config': {'bits': 4}} | quantization_config",
        "granite | {'logits_scaling': 0} | logits_scaling",
        "starcoder2 | {'hidden_act': 'gelu_10'} | hidden_act",
        "olmo2 | {'rms_norm_eps': 'small'} | rms_norm_eps"
      })
  void whatCannotBeSaidIsRefusedByName(String fixture, String changes, String named) {
    assertThatIOException().isThrownBy(() -> read(fixture, changes)).withMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemma3 | {'rope_parameters': null, 'layer_types': null, 'rope_theta': 1e6,"
            + " 'rope_local_base_freq': 1e4, 'sliding_window_pattern': 6}",
        "gemma3 | {'rope_parameters': null, 'layer_types': null}",
        "gemma | {'hidden_act': 'gelu', 'hidden_activation': 'gelu_pytorch_tanh'}",
        "gemma2 | {'layer_types': null, 'hidden_act': 'relu', 'rope_theta': 10000.0}",
        "gpt-neox | {'rope_parameters': null, 'rotary_pct': 0.25, 'rotary_emb_base': 10000}",
        "phi | {'rope_parameters': null}",
        "phi | {'rope_parameters': null, 'partial_rotary_factor': null}",
        "phi3 | {'rope_parameters': null, 'partial_rotary_factor': 0.5, 'rope_scaling': null}",
        "stablelm | {'rope_parameters': null, 'partial_rotary_factor': null}",
        "exaone4 | {'layer_types': null}",
        "exaone4 | {'layer_types': null, 'sliding_window_pattern': 'LLLG'}",
        "exaone4 | {'layer_types': null, 'sliding_window_pattern': 'L'}",
        "smollm3 | {'layer_types': null, 'no_rope_layers': null}",
        "smollm3 | {'rope_parameters': null}",
        "olmo3 | {'layer_types': null, 'rope_parameters': null, 'rope_theta': 500000}",
        "olmo3 | {'rope_parameters': null}",
        "qwen3 | {'layer_types': null, 'max_window_layers': 1}",
        "falcon | {'n_embed': 64, 'hidden_size': null, 'num_kv_heads': null}"
      })
  void olderFilesSayTheSame(String fixture, String changes) throws IOException {
    assertThat(read(fixture, changes)).isEqualTo(read(fixture, "{}"));
  }

  @Test
  void aWindowThatIsNullIsNoneAndOneThatIsLeftOutIsTheUsualOne() throws IOException {
    ObjectNode config = FamilyConfigs.json("mistral").put("max_position_embeddings", 8192);
    assertThat(windows(FamilyConfigs.parse(folder, config.toString()))).containsOnly(16);
    config.putNull("sliding_window");
    assertThat(windows(FamilyConfigs.parse(folder, config.toString()))).containsOnly(0);
    config.remove("sliding_window");
    assertThat(windows(FamilyConfigs.parse(folder, config.toString()))).containsOnly(4096);
    config.put("sliding_window", 8192); // which no position is behind
    assertThat(windows(FamilyConfigs.parse(folder, config.toString()))).containsOnly(0);
  }

  @Test
  void aMinistralSlidesInTheLayersThatAreNamed() throws IOException {
    String types = "'layer_types': ['full_attention', 'sliding_attention']";
    assertThat(windows(read("mistral", "{'model_type': 'ministral', %s}".formatted(types))))
        .containsExactly(0, 16);
    assertThat(windows(read("mistral", "{'model_type': 'ministral'}"))).containsOnly(16);
    assertThat(windows(read("mistral", "{%s}".formatted(types)))).containsOnly(16);
  }

  @Test
  void headsMayHaveTheirShareOrAWidthOfTheirOwn() throws IOException {
    assertThat(attention(without("qwen3", "head_dim"), 0).headWidth()).isEqualTo(128);
    assertThat(attention(read("qwen3", "{'head_dim': null}"), 0).headWidth()).isEqualTo(16);
    assertThat(attention(without("mistral", "head_dim"), 0).headWidth()).isEqualTo(16);
    ObjectNode config = FamilyConfigs.json("mistral").put("num_attention_heads", 16);
    config.remove("num_key_value_heads");
    assertThat(attention(FamilyConfigs.parse(folder, config.toString()), 0).keyValueHeads())
        .isEqualTo(8);
    assertThat(attention(read("mistral", "{'num_key_value_heads': null}"), 0).keyValueHeads())
        .isEqualTo(4);
  }

  @Test
  void anExaoneWithoutWindowsRotatesEverywhere() throws IOException {
    assertThat(rotating(read("exaone4", "{}"))).containsExactly(true, true, true, false);
    Blueprint whole =
        read(
            "exaone4",
            "{'sliding_window': null, 'sliding_window_pattern': null, 'layer_types': null}");
    assertThat(rotating(whole)).containsOnly(true);
    assertThat(windows(whole)).containsOnly(0);
    Blueprint wide = read("exaone4", "{'sliding_window': 512}");
    assertThat(rotating(wide)).containsExactly(true, true, true, false);
    assertThat(windows(wide)).containsOnly(0);
  }

  @Test
  void layersOfASmolLmThatDoNotRotateMaySlide() throws IOException {
    Blueprint blueprint =
        read(
            "smollm3",
            "{'layer_types': null, 'use_sliding_window': true, 'sliding_window': 16,"
                + " 'no_rope_layers': [1, 0, 1, 0, 1]}");
    assertThat(rotating(blueprint)).containsExactly(true, false, true, false);
    assertThat(windows(blueprint)).containsExactly(0, 16, 0, 16);
  }

  @Test
  void gemmasMultiplyAndCap() throws IOException {
    Blueprint gemma2 = read("gemma2", "{'attn_implementation': 'eager'}");
    assertThat(gemma2.embeddings().multiplier()).isEqualTo(8);
    assertThat(gemma2.finalNorm()).isEqualTo(new Norm.RootMeanSquare(1e-6, true));
    assertThat(attention(gemma2, 0).scale()).isEqualTo(1 / Math.sqrt(24), within(1e-12));
    assertThat(attention(gemma2, 0).softcap()).isEqualTo(50);
    assertThat(head(gemma2).softcap()).isEqualTo(30);
    assertThat(head(read("gemma2", "{'final_logit_softcapping': null}")).softcap()).isZero();
    assertThat(head(without("gemma2", "final_logit_softcapping")).softcap()).isEqualTo(30);
    assertThat(head(read("gemma3", "{}")).softcap()).isZero();
    assertThat(head(read("gemma3", "{'final_logit_softcapping': 20}")).softcap()).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({"sdpa, 0", "eager, 50", "flash_attention_2, 50", "'', 0"})
  void attentionOfAGemma2IsCappedWhereTransformersDoesIt(String implementation, double softcap)
      throws IOException {
    ObjectNode config = FamilyConfigs.json("gemma2");
    if (!implementation.isEmpty()) {
      config.put("attn_implementation", implementation);
    }
    assertThat(attention(FamilyConfigs.parse(folder, config.toString()), 1).softcap())
        .isEqualTo(softcap);
  }

  @Test
  void anEmbeddingGemmaSeesHalfItsWindowOnEitherSide() throws IOException {
    assertThat(windows(read("embedding-gemma", "{}"))).containsExactly(9, 9, 9, 9, 9, 0);
    assertThat(windows(read("embedding-gemma", "{'sliding_window': 600}")))
        .containsExactly(301, 301, 301, 301, 301, 0);
  }

  @Test
  void falconsLayersAreSideBySideOrOneBehindTheOther() throws IOException {
    Layer shared = read("falcon", "{}").layers().getFirst();
    assertThat(shared.parallel()).isTrue();
    assertThat(shared.aroundFeedForward()).isEqualTo(Residual.plain());
    Layer behind = read("falcon", "{'parallel_attn': false}").layers().getFirst();
    assertThat(behind.parallel()).isFalse();
    assertThat(behind.aroundFeedForward()).isEqualTo(behind.aroundAttention());
    Layer grouped =
        read("falcon", "{'new_decoder_architecture': true, 'num_kv_heads': 2}").layers().getFirst();
    assertThat(grouped.parallel()).isTrue();
    assertThat(grouped.attention().keyValueHeads()).isEqualTo(2);
    assertThat(grouped.aroundFeedForward()).isEqualTo(grouped.aroundAttention());
    Layer large =
        read(
                "falcon",
                "{'new_decoder_architecture': true, 'num_kv_heads': 2,"
                    + " 'num_ln_in_parallel_attn': 1}")
            .layers()
            .getFirst();
    assertThat(large.aroundFeedForward()).isEqualTo(Residual.plain());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 0:64 | 64:16 | 80:16",
        "{'multi_query': false} | 0:16 48:16 96:16 144:16 | 16:16 64:16 112:16 160:16"
            + " | 32:16 80:16 128:16 176:16",
        "{'new_decoder_architecture': true, 'num_kv_heads': 2} | 0:32 64:32 | 32:16 96:16"
            + " | 48:16 112:16"
      })
  void falconsQueriesKeysAndValuesLieTogether(
      String changes, String queries, String keys, String values) throws IOException {
    Blueprint blueprint = read("falcon", changes);
    assertThat(rows(blueprint, "query")).isEqualTo(queries);
    assertThat(rows(blueprint, "key")).isEqualTo(keys);
    assertThat(rows(blueprint, "value")).isEqualTo(values);
  }

  /* Which rows of the stored tensor make a slot, as first:count. */
  private static String rows(Blueprint blueprint, String slot) throws IOException {
    Attention attention = attention(blueprint, 0);
    long width = blueprint.width();
    long rows = slot.equals("query") ? attention.queryWidth() : attention.keyValueWidth();
    Part part =
        Families.weights(blueprint).of("layer.0.attention." + slot + ".weight").getFirst().part();
    assertThat(part.stored(List.of(rows, width)))
        .containsExactly(attention.queryWidth() + 2L * attention.keyValueWidth(), width);
    Part.View view = part.view(List.of(rows, width));
    StringBuilder found = new StringBuilder();
    for (long group = 0; group < view.shape().getFirst(); group++) {
      long first = (view.offset() + group * view.strides().getFirst()) / width;
      found.append(first).append(':').append(view.shape().get(1)).append(' ');
    }
    return found.toString().strip();
  }

  @Test
  void partsSideBySideMayShareTheirNorm() throws IOException {
    Layer phi = read("phi", "{'qk_layernorm': true}").layers().getFirst();
    assertThat(phi.parallel()).isTrue();
    assertThat(phi.aroundFeedForward()).isEqualTo(Residual.plain());
    assertThat(phi.attention().headNorm())
        .isEqualTo(new Attention.HeadNorm(new Norm.LayerNorm(1e-5, true), true));
    Layer stableLm =
        read("stablelm", "{'use_parallel_residual': true, 'use_qkv_bias': true}")
            .layers()
            .getFirst();
    assertThat(stableLm.parallel()).isTrue();
    assertThat(stableLm.aroundFeedForward()).isEqualTo(Residual.plain());
    assertThat(stableLm.attention().queryBias()).isTrue();
    assertThat(stableLm.attention().outputBias()).isFalse();
    Layer neoX = read("gpt-neox", "{}").layers().getFirst();
    assertThat(neoX.parallel()).isTrue();
    assertThat(neoX.aroundFeedForward()).isEqualTo(neoX.aroundAttention());
    Layer behind =
        read("gpt-neox", "{'use_parallel_residual': false, 'attention_bias': false}")
            .layers()
            .getFirst();
    assertThat(behind.parallel()).isFalse();
    assertThat(behind.attention().queryBias()).isFalse();
    assertThat(behind.feedForward().upBias()).isTrue();
  }

  @Test
  void aGptNeoLooksBackThroughAWindowInEveryOtherLayer() throws IOException {
    String config =
        """
        {"model_type": "gpt_neo", "vocab_size": 384, "max_position_embeddings": 512,
         "hidden_size": 64, "num_layers": 4, "num_heads": 4, "intermediate_size": null,
         "attention_types": [[["global", "local"], 1], [["local"], 2]], "window_size": 16,
         "attention_layers": ["global", "local", "local", "local"], "resid_dropout": 0.0,
         "activation_function": "gelu_new", "embed_dropout": 0.0, "attention_dropout": 0.0,
         "classifier_dropout": 0.1, "layer_norm_epsilon": 1e-5, "initializer_range": 0.02,
         "use_cache": true, "tie_word_embeddings": true}
        """;
    Blueprint blueprint = FamilyConfigs.parse(folder, config);
    assertThat(windows(blueprint)).containsExactly(0, 16, 16, 16);
    assertThat(attention(blueprint, 0).scale()).isEqualTo(1);
    assertThat(attention(blueprint, 0).queryBias()).isFalse();
    assertThat(attention(blueprint, 0).outputBias()).isTrue();
    ConfigFile file = ConfigFile.read(folder, "config.json");
    BlueprintReader.read(file);
    assertThat(BlueprintReader.unknown(file)).isEmpty();
    assertThat(windows(FamilyConfigs.parse(folder, "{\"model_type\": \"gpt_neo\"}")))
        .startsWith(0, 256, 0, 256)
        .hasSize(24);
    for (String types :
        List.of("[[[\"global\"], 3]]", "[[[\"near\"], 4]]", "[[[\"local\"], 2000000000]]", "[3]")) {
      assertThatIOException()
          .isThrownBy(
              () ->
                  FamilyConfigs.parse(
                      folder,
                      config.replace("[[[\"global\", \"local\"], 1], [[\"local\"], 2]]", types)))
          .withMessageContaining("attention_types");
    }
  }

  @Test
  void functionsHaveTransformersNames() throws IOException {
    assertThat(read("qwen3", "{'hidden_act': 'gelu'}").layers().getFirst().feedForward())
        .extracting(part -> part.activation())
        .isEqualTo(Activation.GELU);
    assertThat(read("gpt2", "{'activation_function': 'relu'}").layers().getFirst().feedForward())
        .extracting(part -> part.activation())
        .isEqualTo(Activation.RELU);
    assertThat(read("phi", "{}").layers().getFirst().feedForward().activation())
        .isEqualTo(Activation.GELU_TANH);
  }

  @Test
  void decodersMayClassify() throws IOException {
    String labels = "'id2label': {'0': 'no', '1': 'yes', '2': 'perhaps'}";
    Blueprint texts =
        read(
            "qwen3", "{'architectures': ['Qwen3ForSequenceClassification'], %s}".formatted(labels));
    assertThat(texts.head())
        .isEqualTo(
            new Head.SequenceClassifier(
                new Head.Labels(List.of("no", "yes", "perhaps"), null),
                Pooling.LAST_TOKEN,
                null,
                false));
    assertThat(outputs(texts)).containsExactly("score.weight");
    Blueprint tokens =
        read(
            "gpt-neox",
            "{'architectures': ['GPTNeoXForTokenClassification'], %s}".formatted(labels));
    assertThat(tokens.head()).isInstanceOf(Head.TokenClassifier.class);
    Blueprint answers = read("llama-tied", "{'architectures': ['LlamaForQuestionAnswering']}");
    assertThat(answers.head()).isEqualTo(new Head.QuestionAnswering(null));
    assertThat(outputs(answers)).contains("qa_outputs.weight");
    assertThat(names(answers, "norm.weight")).contains("transformer.norm.weight");
  }

  private static List<String> outputs(Blueprint blueprint) throws IOException {
    return names(blueprint, "head.output.weight");
  }

  private static List<String> names(Blueprint blueprint, String slot) throws IOException {
    return Families.weights(blueprint).of(slot).stream()
        .map(WeightNames.Stored::name)
        .filter(name -> name.endsWith(".weight"))
        .toList();
  }

  @Test
  void ofAModelOfTextsAndImagesThePartForTextsIsRead() throws IOException {
    ObjectNode whole = FamilyConfigs.json("gemma3").removeAll();
    whole
        .put("model_type", "gemma3")
        .putArray("architectures")
        .add("Gemma3ForConditionalGeneration");
    whole.putObject("vision_config").put("hidden_size", 1152);
    ObjectNode texts = FamilyConfigs.json("gemma3");
    texts.remove("model_type");
    texts.put("made_up", true);
    whole.set("text_config", texts);
    Blueprint blueprint = FamilyConfigs.parse(folder, whole.toString());
    assertThat(blueprint).isEqualTo(read("gemma3", "{}"));
    assertThat(names(blueprint, "norm.weight"))
        .contains("language_model.model.norm.weight", "model.language_model.norm.weight");
    WeightNames names = Families.weights(blueprint);
    assertThat(names.unused().matcher("vision_tower.encoder.weight").matches()).isTrue();
    assertThat(names.unused().matcher("model.multi_modal_projector.weight").matches()).isTrue();
    FamilyConfigs.parse(folder, whole.toString());
    ConfigFile config = ConfigFile.read(folder, "config.json");
    BlueprintReader.read(config);
    assertThat(BlueprintReader.unknown(config)).containsExactly("made_up");
    whole.putArray("architectures").add("Gemma3ForSequenceClassification");
    assertThatIOException()
        .isThrownBy(() -> FamilyConfigs.parse(folder, whole.toString()))
        .withMessageContaining("texts and images");
    texts.putObject("quantization_config").put("bits", 4);
    whole.putArray("architectures").add("Gemma3ForConditionalGeneration");
    assertThatIOException()
        .isThrownBy(() -> FamilyConfigs.parse(folder, whole.toString()))
        .withMessageContaining("text_config: quantization_config");
  }
}
