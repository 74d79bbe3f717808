package dev.diptych.http.openai;

import dev.diptych.tasks.decision.Answer;
import dev.diptych.tasks.decision.Option;
import dev.diptych.tasks.decision.Question;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The answer to one question of {@code /v1/decisions}; {@code name} is that of the question. */
@Schema(
    name = "OpenAiDecisionAnswer",
    oneOf = {
      DecisionOutcome.Predicate.class,
      DecisionOutcome.Choice.class,
      DecisionOutcome.Score.class
    })
sealed interface DecisionOutcome {

  /**
   * Whether something is so.
   *
   * @param probability that it is
   */
  @Schema(name = "OpenAiPredicateAnswer")
  record Predicate(
      @Schema(allowableValues = "predicate") String type,
      @Nullable String name,
      @Schema(minimum = "0", maximum = "1", example = "0.93") double probability)
      implements DecisionOutcome {}

  /**
   * Which one it is.
   *
   * @param choice the most probable value
   */
  @Schema(name = "OpenAiChoiceAnswer")
  record Choice(
      @Schema(allowableValues = "choice") String type,
      @Nullable String name,
      @Schema(implementation = Object.class, example = "billing") JsonNode choice,
      List<OfValue> probabilities,
      @Schema(minimum = "0", maximum = "1", example = "0.8") double confidence)
      implements DecisionOutcome {}

  /** One value of a choice. */
  @Schema(name = "OpenAiValueProbability")
  record OfValue(
      @Schema(implementation = Object.class, example = "billing") JsonNode value,
      @Schema(minimum = "0", maximum = "1", example = "0.9") double probability) {}

  /**
   * How much it is.
   *
   * @param score mean of the levels' numbers, which count from 0, by their probabilities
   */
  @Schema(name = "OpenAiScoreAnswer")
  record Score(
      @Schema(allowableValues = "score") String type,
      @Nullable String name,
      @Schema(minimum = "0", example = "1.2") double score,
      List<OfLevel> probabilities,
      @Schema(minimum = "0", maximum = "1", example = "0.4") double confidence)
      implements DecisionOutcome {}

  /** One level of a score. */
  @Schema(name = "OpenAiLevelProbability")
  record OfLevel(
      @Schema(minimum = "0", example = "0") int value,
      @Schema(example = "calm") String label,
      @Schema(minimum = "0", maximum = "1", example = "0.1") double probability) {}

  /** In the shape of the question. */
  static DecisionOutcome of(DecisionQuestion asked, Answer answer) {
    double[] probabilities = answer.probabilities();
    return switch (asked.question()) {
      case Question.Predicate _ -> new Predicate("predicate", asked.name(), probabilities[0]);
      case Question.Choice _ -> {
        List<OfValue> values = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
          values.add(new OfValue(asked.values().get(i), probabilities[i]));
        }
        yield new Choice(
            "choice", asked.name(), asked.values().get(answer.best()), values, answer.confidence());
      }
      case Question.Score(_, List<Option> levels) -> {
        List<OfLevel> ofLevels = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
          ofLevels.add(new OfLevel(i, levels.get(i).name(), probabilities[i]));
        }
        yield new Score(
            "score", asked.name(), answer.expectation(), ofLevels, answer.confidenceOfScore());
      }
    };
  }
}
