package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same encoder in several forms that checkpoints of its family have. */
class EncoderFormsTests {

  private static final Path FAMILIES = Path.of("src/test/resources/families");
  private static final EncoderBatch BATCH =
      Batches.of(List.of(new int[] {2, 7, 30, 41, 9, 12, 3}, new int[] {2, 8, 3}));

  private static TorchRuntime runtime;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  @Test
  void layersOfAnAlbertThatRepeatWithinTheirGroupAreThoseOfManyLayers() throws IOException {
    ChangedCheckpoint changed =
        albert().configure("num_hidden_layers", "1").configure("inner_group_num", "2");
    assertSameStates("albert", copied(changed, "groups.0.albert_layers.1"));
  }

  @Test
  void groupsOfAnAlbertHaveWeightsOfTheirOwn() throws IOException {
    ChangedCheckpoint changed = albert().configure("num_hidden_groups", "2");
    assertSameStates("albert", copied(changed, "groups.1.albert_layers.0"));
  }

  private static ChangedCheckpoint albert() throws IOException {
    return ChangedCheckpoint.of(FAMILIES.resolve("albert"));
  }

  /* With a second set of the same weights. */
  private static ChangedCheckpoint copied(ChangedCheckpoint albert, String place) {
    albert
        .names()
        .forEach(
            name -> {
              String other = name.replace("groups.0.albert_layers.0", place);
              if (!other.equals(name)) {
                albert.add(other, name, false);
              }
            });
    return albert;
  }

  @Test
  void distancesOfADebertaMayHaveLayersOfTheirOwn() throws IOException {
    ChangedCheckpoint changed =
        ChangedCheckpoint.of(FAMILIES.resolve("deberta-v2")).configure("share_att_key", "false");
    changed
        .names()
        .forEach(
            name -> {
              for (String part : List.of("key_proj", "query_proj")) {
                if (name.contains("self." + part)) {
                  changed.add(name.replace("self.", "self.pos_"), name, false);
                }
              }
            });
    assertSameStates("deberta-v2", changed);
  }

  @Test
  void aDebertaMayHaveTheNamesOfItsPaper() throws IOException {
    assertSameMasks(
        "deberta-v2",
        name ->
            name.replace("cls.predictions.transform.", "lm_predictions.lm_head.")
                .replace("cls.predictions.bias", "lm_predictions.lm_head.bias"));
  }

  @Test
  void aNomicBertMayHaveThePrefixOfItsRelease() throws IOException {
    assertSameMasks(
        "nomic-bert",
        name ->
            name.replace("nomic_bert.", "bert.")
                .replace("cls.predictions.bias", "cls.predictions.decoder.bias"));
  }

  @Test
  void anElectraThatTellsReplacedTokensGivesStates() throws IOException {
    ChangedCheckpoint changed =
        ChangedCheckpoint.of(FAMILIES.resolve("electra"))
            .configure("architectures", "[\"ElectraForPreTraining\"]")
            .rename(
                name ->
                    name.replace("generator_predictions.", "discriminator_predictions.")
                        .replace("generator_lm_head.bias", "discriminator_predictions.bias"));
    assertSameStates("electra", changed);
    try (EncoderModel model = load(folder)) {
      assertThat(model.head()).isInstanceOf(Head.None.class);
      assertThat(model.hasMaskedLanguageModelHead()).isFalse();
    }
  }

  @Test
  void aClassifierMayPoolWhatItsTransformMadeOfTokens() throws IOException {
    Path reranker = FAMILIES.resolve("modernbert-reranker");
    Blueprint blueprint = BlueprintReader.read(reranker);
    Head.SequenceClassifier head = (Head.SequenceClassifier) blueprint.head();
    Head.Labels labels = head.labels();
    try (EncoderModel texts =
            load(
                reranker,
                blueprint.with(
                    new Head.SequenceClassifier(
                        labels, Pooling.MEAN, head.transform(), true, true)));
        EncoderModel tokens =
            load(
                reranker,
                blueprint.with(new Head.TokenClassifier(labels, head.transform(), true)))) {
      float[][] logits = tokens.tokenLogits(BATCH);
      for (int i = 0; i < logits.length; i++) {
        float sum = 0;
        for (float logit : logits[i]) {
          sum += logit;
        }
        assertThat(texts.textLogits(BATCH)[i][0]).isCloseTo(sum / logits[i].length, within(1e-4f));
      }
    }
  }

  private void assertSameMasks(String name, UnaryOperator<String> renaming) throws IOException {
    ChangedCheckpoint changed = ChangedCheckpoint.of(FAMILIES.resolve(name)).rename(renaming);
    int[] rows = {1, 4};
    assertSame(name, changed, model -> model.maskedLanguageModelLogits(BATCH, rows));
  }

  private void assertSameStates(String name, ChangedCheckpoint changed) throws IOException {
    assertSame(name, changed, model -> model.hiddenStates(BATCH));
  }

  private void assertSame(
      String name, ChangedCheckpoint changed, Function<EncoderModel, float[][]> what)
      throws IOException {
    changed.write(folder);
    try (EncoderModel expected = load(FAMILIES.resolve(name));
        EncoderModel actual = load(folder)) {
      float[][] values = what.apply(actual);
      float[][] right = what.apply(expected);
      for (int i = 0; i < right.length; i++) {
        assertThat(values[i]).containsExactly(right[i]);
      }
    }
  }

  private static EncoderModel load(Path folder) throws IOException {
    return load(folder, BlueprintReader.read(folder));
  }

  private static EncoderModel load(Path folder, Blueprint blueprint) throws IOException {
    return new ModelLoader(runtime, PreparedWeights.none())
        .encoder(folder, blueprint, Precision.FLOAT32);
  }
}
