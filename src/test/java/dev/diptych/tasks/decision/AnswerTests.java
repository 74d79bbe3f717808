package dev.diptych.tasks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AnswerTests {

  private static Answer of(double... probabilities) {
    return new Answer(probabilities, null);
  }

  @Test
  void theConfidenceOfAChoiceIsHowFarTheBestIsAboveChance() {
    assertThat(of(0.9, 0.1).confidence()).isCloseTo(0.8, within(1e-12));
    assertThat(of(0.25, 0.25, 0.25, 0.25).confidence()).isZero();
    assertThat(of(0, 1, 0).confidence()).isEqualTo(1);
    assertThat(of(1).confidence()).isEqualTo(1);
  }

  @Test
  void theConfidenceOfAScoreIsHowCloseTheLevelsLieToTheBest() {
    assertThat(of(0.1, 0.6, 0.3).confidenceOfScore()).isCloseTo(0.4, within(1e-12));
    assertThat(of(0, 0, 0, 1).confidenceOfScore()).isEqualTo(1);
    assertThat(of(0.5, 0, 0, 0, 0.5).confidenceOfScore()).as("both ends").isZero();
    assertThat(of(0.2, 0.2, 0.2, 0.2, 0.2).confidenceOfScore()).as("from an end").isZero();
    assertThat(of(1).confidenceOfScore()).isEqualTo(1);
  }

  @Test
  void aScoreIsTheMeanOfItsLevels() {
    assertThat(of(0.1, 0.6, 0.3).expectation()).isCloseTo(1.2, within(1e-12));
  }

  @Test
  void theBestIsTheFirstOfEquallyProbableOnes() {
    assertThat(of(0.2, 0.4, 0.4).best()).isEqualTo(1);
  }

  @Test
  void scoresThatAreFarApartStillAddUp() {
    Answer answer = Answer.ofScores(new double[] {-2000, 0, Double.NEGATIVE_INFINITY}, null);

    assertThat(answer.probabilities()).containsExactly(0, 1, 0);
  }
}
