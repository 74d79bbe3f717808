package dev.diptych.http.decisions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.tasks.decision.Answer;
import dev.diptych.tasks.decision.Option;
import dev.diptych.tasks.decision.Question;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The answer to one question. */
@Schema(
    name = "DecisionAnswer",
    oneOf = {AnswerBody.Noul.class, AnswerBody.Choice.class, AnswerBody.Score.class})
sealed interface AnswerBody {

  /** How probable it was that the decoder's next token would be a label at all. */
  String LABEL_MASS =
      "Of a decoder: the probability of all labels together among all tokens; low where it wanted"
          + " to write something else";

  /**
   * Whether something is so.
   *
   * @param noul probability that it is
   */
  @Schema(name = "NoulAnswer")
  record Noul(
      @Schema(allowableValues = "noul") String type,
      @Schema(minimum = "0", maximum = "1", example = "0.93") double noul,
      @Schema(description = LABEL_MASS, example = "0.97")
          @JsonProperty("x_label_mass")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Double labelMass)
      implements AnswerBody {}

  /**
   * Which one it is.
   *
   * @param choice the most probable option
   * @param probabilities by the options' names, in their order
   */
  @Schema(name = "ChoiceAnswer")
  record Choice(
      @Schema(allowableValues = "choice") String type,
      @Schema(example = "billing") String choice,
      @Schema(example = "{\"billing\": 0.9, \"technical\": 0.1}") Map<String, Double> probabilities,
      @Schema(minimum = "0", maximum = "1", example = "0.8") double confidence,
      @Schema(description = LABEL_MASS, example = "0.97")
          @JsonProperty("x_label_mass")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Double labelMass)
      implements AnswerBody {}

  /**
   * How much it is.
   *
   * @param score mean of the levels' numbers, by their probabilities
   * @param legend the levels by their numbers, as they were given
   * @param probabilities by the levels' numbers
   */
  @Schema(name = "ScoreAnswer")
  record Score(
      @Schema(allowableValues = "score") String type,
      @Schema(minimum = "0", example = "1.2") double score,
      @Schema(example = "{\"0\": \"calm\", \"1\": \"annoyed\", \"2\": \"furious\"}")
          Map<String, Object> legend,
      @Schema(example = "{\"0\": 0.1, \"1\": 0.6, \"2\": 0.3}") Map<String, Double> probabilities,
      @Schema(minimum = "0", maximum = "1", example = "0.4") double confidence,
      @Schema(description = LABEL_MASS, example = "0.97")
          @JsonProperty("x_label_mass")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Double labelMass)
      implements AnswerBody {}

  /** As the request's question has it. */
  static AnswerBody of(Asked asked, Answer answer) {
    double[] probabilities = answer.probabilities();
    return switch (asked.question()) {
      case Question.Predicate _ -> new Noul("noul", probabilities[0], answer.labelMass());
      case Question.Choice(_, List<Option> options) -> {
        Map<String, Double> byName = new LinkedHashMap<>();
        for (int i = 0; i < probabilities.length; i++) {
          byName.put(options.get(i).name(), probabilities[i]);
        }
        yield new Choice(
            "choice",
            options.get(answer.best()).name(),
            byName,
            answer.confidence(),
            answer.labelMass());
      }
      case Question.Score _ -> {
        Map<String, Object> legend = new LinkedHashMap<>();
        Map<String, Double> byNumber = new LinkedHashMap<>();
        List<JsonNode> levels = asked.levels();
        for (int i = 0; i < probabilities.length; i++) {
          legend.put(String.valueOf(i), levels.get(i));
          byNumber.put(String.valueOf(i), probabilities[i]);
        }
        yield new Score(
            "score",
            answer.expectation(),
            legend,
            byNumber,
            answer.confidenceOfScore(),
            answer.labelMass());
      }
    };
  }
}
