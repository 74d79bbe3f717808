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
import dev.diptych.model.blueprint.RotaryEmbedding;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.blueprint.Slots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What config.json of encoders says, beyond what fixtures hold. */
class EncoderFamiliesTests {

  @TempDir private Path folder;

  private Blueprint read(String fixture, String changes) throws IOException {
    return FamilyConfigs.read(folder, fixture, changes.replace('\'', '"'));
  }

  private static Attention attention(Blueprint blueprint, int layer) {
    return blueprint.layers().get(layer).attention();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "albert",
        "bert",
        "bert-ner",
        "bert-squad",
        "deberta-nli",
        "deberta-v2",
        "distilbert",
        "distilbert-classifier",
        "electra",
        "electra-classifier",
        "eurobert",
        "modernbert",
        "modernbert-reranker",
        "mpnet",
        "nomic-bert",
        "roberta",
        "xlm-roberta"
      })
  void everyFieldOfHuggingFacesClassIsKnown(String fixture) throws IOException {
    ConfigFile config = FamilyConfigs.of(fixture);
    Blueprint blueprint = BlueprintReader.read(config);
    assertThat(BlueprintReader.unknown(config)).isEmpty();
    assertThat(blueprint.width()).isEqualTo(64);
    assertThat(blueprint.isCausal()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bert | {'hidden_act': 'quick_gelu'} | hidden_act 'quick_gelu' is not supported",
        "electra | {'is_decoder': true} | is_decoder",
        "albert | {'embedding_size': 64} | embedding_size 64 is hidden_size",
        "albert | {'num_hidden_groups': 2, 'inner_group_num': 2} | inner_group_num 2",
        "albert | {'num_hidden_groups': 3} | num_hidden_groups",
        "mpnet | {'relative_attention_num_buckets': 64} | relative_attention_num_buckets",
        "modernbert | {'rope_scaling': {'type': 'linear', 'factor': 2.0}} | rope_scaling",
        "modernbert | {'layer_types': ['full_attention']} | layer_types",
        "modernbert | {'classifier_pooling': 'max'} | classifier_pooling 'max'",
        "eurobert | {'classifier_pooling': 'first'} | classifier_pooling 'first'",
        "nomic-bert | {'architectures': ['NomicBertForQuestionAnswering']} | question answering",
        "nomic-bert | {'head_dim': 32} | head_dim",
        "deberta-v2 | {'conv_kernel_size': 3} | conv_kernel_size",
        "deberta-v2 | {'embedding_size': 32} | embedding_size",
        "deberta-v2 | {'attention_head_size': 32} | attention_head_size",
        "deberta-v2 | {'pooler_hidden_size': 32} | pooler_hidden_size",
        "deberta-v2 | {'pos_att_type': ['p2p']} | pos_att_type",
        "bert | {'auto_map': {'AutoModel': 'modeling.Other'}} | auto_map",
      })
  void whatCannotBeSaidIsRefusedByName(String fixture, String changes, String named) {
    assertThatIOException().isThrownBy(() -> read(fixture, changes)).withMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({
    "gelu_new, GELU_TANH",
    "gelu_python, GELU",
    "relu, RELU",
    "swish, SILU",
    "tanh, TANH"
  })
  void functionsHaveTransformersNames(String name, Activation activation) throws IOException {
    Blueprint bert = read("bert", "{'hidden_act': '%s'}".formatted(name));
    assertThat(bert.layers().getFirst().feedForward().activation()).isEqualTo(activation);
    assertThat(transform(bert).activation()).isEqualTo(activation);
    Blueprint roberta = read("roberta", "{'hidden_act': '%s'}".formatted(name));
    assertThat(roberta.layers().getFirst().feedForward().activation()).isEqualTo(activation);
    assertThat(transform(roberta).activation()).isEqualTo(Activation.GELU);
  }

  private static Head.Transform transform(Blueprint blueprint) {
    Head.@Nullable Transform transform =
        switch (blueprint.head()) {
          case Head.MaskedLanguageModel head -> head.transform();
          case Head.SequenceClassifier head -> head.transform();
          case Head.TokenClassifier head -> head.transform();
          case Head.QuestionAnswering head -> head.transform();
          case Head.LanguageModel _, Head.None _ -> null;
        };
    return Objects.requireNonNull(transform);
  }

  @Test
  void layersOfAnAlbertShareWeightsByGroups() throws IOException {
    assertThat(weights("{'num_hidden_layers': 7, 'num_hidden_groups': 3}"))
        .containsExactly(0, 0, 0, 1, 1, 2, 2);
    assertThat(weights("{'num_hidden_layers': 2, 'inner_group_num': 3}"))
        .containsExactly(0, 1, 2, 0, 1, 2);
  }

  private Iterable<Integer> weights(String changes) throws IOException {
    return read("albert", changes).layers().stream().map(Layer::weights).toList();
  }

  @Test
  void distancesOfADebertaMayHaveProjectionsOfTheirOwn() throws IOException {
    Blueprint blueprint =
        read(
            "deberta-v2",
            "{'share_att_key': false, 'pos_att_type': 'c2p', 'position_buckets': -1,"
                + " 'max_relative_positions': 40, 'norm_rel_ebd': 'none'}");
    assertThat(attention(blueprint, 0).positions())
        .isEqualTo(new Positions.Disentangled(40, 0, true, false, false, new Norm.None()));
    assertThat(attention(blueprint, 0).scale()).isEqualTo(1 / Math.sqrt(2 * 16), within(1e-12));
    assertThat(Slots.of(blueprint).stream().map(Slot::name))
        .contains("layer.1.attention.position_key.bias")
        .doesNotContain("layer.0.attention.position_query.weight", "relative_norm.weight");
  }

  @Test
  void aDebertaWithoutRelativeAttentionKeepsItsScale() throws IOException {
    Blueprint blueprint =
        read("deberta-v2", "{'relative_attention': false, 'position_biased_input': true}");
    assertThat(attention(blueprint, 0).positions()).isEqualTo(new Positions.None());
    assertThat(attention(blueprint, 0).scale()).isEqualTo(1 / Math.sqrt(3 * 16), within(1e-12));
    assertThat(blueprint.embeddings().positions()).isEqualTo(514);
  }

  @Test
  void aModernBertOfItsFirstReleaseIsTheSame() throws IOException {
    Blueprint now = read("modernbert", "{'rope_parameters': null}");
    Blueprint then =
        read(
            "modernbert",
            "{'rope_parameters': null, 'layer_types': null, 'global_rope_theta': 160000.0,"
                + " 'local_rope_theta': 10000.0, 'position_embedding_type': 'absolute'}");
    assertThat(then).isEqualTo(now);
    assertThat(attention(then, 0).window()).isZero();
    assertThat(attention(then, 1).window()).isEqualTo(9);
    assertThat(attention(then, 3).positions())
        .isEqualTo(new Positions.Rotary(new RotaryEmbedding(16, 160_000, null)));
    assertThat(then.layers().getFirst().aroundAttention()).isEqualTo(Residual.plain());
  }

  @Test
  void layersOfAModernBertRotateByTheirTypeHoweverWideTheWindow() throws IOException {
    Attention local = attention(read("modernbert", "{'local_attention': 1022}"), 1);
    assertThat(local.window()).isZero();
    assertThat(local.positions())
        .isEqualTo(new Positions.Rotary(new RotaryEmbedding(16, 10_000, null)));
  }

  @Test
  void allHeadsOfAModernBertBeginAlike() throws IOException {
    Head.Transform expected =
        new Head.Transform(64, true, Activation.RELU, new Norm.LayerNorm(1e-5, false));
    for (String kind :
        new String[] {
          "MaskedLM", "SequenceClassification", "TokenClassification", "QuestionAnswering"
        }) {
      Blueprint blueprint =
          read(
              "modernbert",
              "{'architectures': ['ModernBertFor%s'], 'classifier_bias': true, 'classifier_activation': 'relu'}"
                  .formatted(kind));
      assertThat(transform(blueprint)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "classifier_pooling, late, MEAN, true",
    "classifier_pooling, mean, MEAN, false",
    "clf_pooling, bos, CLS, false"
  })
  void anEuroBertClassifiesTokensOrTexts(
      String field, String pooling, Pooling expected, boolean first) throws IOException {
    Blueprint blueprint =
        read(
            "eurobert",
            "{'architectures': ['EuroBertForSequenceClassification'], 'classifier_pooling': null, '%s': '%s'}"
                .formatted(field, pooling));
    assertThat(blueprint.head())
        .isInstanceOfSatisfying(
            Head.SequenceClassifier.class,
            head -> {
              assertThat(head.pooling()).isEqualTo(expected);
              assertThat(head.transformFirst()).isEqualTo(first);
            });
  }
}
