package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.model.blueprint.Head.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreFunctionTests {

  /* Values of torch.softmax and torch.sigmoid in float64. */

  private static final float[] LOGITS = {-1.5f, 0.25f, 3};

  @Test
  void softmaxAddsUpToOne() {
    assertThat(ScoreFunction.SOFTMAX.of(LOGITS))
        .containsExactly(new float[] {0.0103336f, 0.0594657f, 0.9302007f}, within(1e-6f));
  }

  @Test
  void sigmoidTakesEachLabelByItself() {
    assertThat(ScoreFunction.SIGMOID.of(LOGITS))
        .containsExactly(new float[] {0.1824255f, 0.5621765f, 0.9525741f}, within(1e-6f));
  }

  @Test
  void noneLeavesTheLogits() {
    assertThat(ScoreFunction.NONE.of(LOGITS)).containsExactly(LOGITS);
  }

  @Test
  void noneOverflowsHoweverLargeTheLogits() {
    float[] large = {-3e38f, 3e38f};

    assertThat(ScoreFunction.SOFTMAX.of(large)).containsExactly(0, 1);
    assertThat(ScoreFunction.SIGMOID.of(large)).containsExactly(0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "1, , SIGMOID",
    "2, , SOFTMAX",
    "1, regression, NONE",
    "3, regression, NONE",
    "3, multi_label_classification, SIGMOID",
    "1, single_label_classification, SIGMOID",
    "3, single_label_classification, SOFTMAX"
  })
  void theProblemOfAModelChoosesAsInTransformers(
      int labels, String problem, ScoreFunction expected) {
    List<String> names = List.of("a", "b", "c").subList(0, labels);

    assertThat(ScoreFunction.ofProblem(new Labels(names, problem))).isEqualTo(expected);
  }

  @Test
  void theNumberOfLabelsChoosesAsInTextEmbeddingsInference() {
    assertThat(ScoreFunction.ofNumber(1)).isEqualTo(ScoreFunction.SIGMOID);
    assertThat(ScoreFunction.ofNumber(2)).isEqualTo(ScoreFunction.SOFTMAX);
  }
}
