package dev.diptych.http.decisions;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.tasks.decision.Decisions;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers.
 *
 * @param model which one answered
 * @param answers by the questions' ids, in their order
 */
record DecisionResponse(
    @Schema(example = "smollm2-135m-instruct") String model,
    @Schema(example = "{\"refund\": {\"type\": \"noul\", \"noul\": 0.93, \"x_label_mass\": 0.97}}")
        Map<String, AnswerBody> answers,
    Usage usage) {

  /**
   * @param inputTokens of all prompts or texts that the model read
   * @param outputTokens none, as nothing is generated
   * @param cachedTokens how many of the first did not have to be computed
   */
  @Schema(name = "DecisionUsage")
  record Usage(
      @Schema(example = "120") long inputTokens,
      @Schema(example = "0") long outputTokens,
      @Schema(example = "80") @JsonProperty("x_cached_tokens") long cachedTokens) {

    static Usage of(Decisions decisions) {
      return new Usage(decisions.inputTokens(), 0, decisions.cachedTokens());
    }
  }

  static DecisionResponse of(String model, List<Asked> asked, Decisions decisions) {
    return new DecisionResponse(model, answers(asked, decisions), Usage.of(decisions));
  }

  /** By their questions' ids. */
  static Map<String, AnswerBody> answers(List<Asked> asked, Decisions decisions) {
    Map<String, AnswerBody> answers = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      answers.put(asked.get(i).id(), AnswerBody.of(asked.get(i), decisions.answers().get(i)));
    }
    return answers;
  }
}
