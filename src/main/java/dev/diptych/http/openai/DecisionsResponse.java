package dev.diptych.http.openai;

import dev.diptych.tasks.decision.Decisions;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers of {@code /v1/decisions}.
 *
 * @param model which one answered
 * @param answers in the order of the questions
 */
record DecisionsResponse(String model, List<DecisionOutcome> answers, Used usage) {

  DecisionsResponse {
    answers = List.copyOf(answers);
  }

  /** Tokens that were read; none is written. */
  @Schema(name = "OpenAiDecisionUsage")
  record Used(
      long inputTokens,
      Input inputTokensDetails,
      int outputTokens,
      Output outputTokensDetails,
      long totalTokens) {}

  /**
   * @param cachedTokens how many of them did not have to be computed
   */
  @Schema(name = "OpenAiDecisionInputTokens")
  record Input(long cachedTokens, int cacheWriteTokens) {}

  @Schema(name = "OpenAiDecisionOutputTokens")
  record Output(int reasoningTokens) {}

  static DecisionsResponse of(String model, List<DecisionQuestion> questions, Decisions decisions) {
    List<DecisionOutcome> answers = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      answers.add(DecisionOutcome.of(questions.get(i), decisions.answers().get(i)));
    }
    long tokens = decisions.inputTokens();
    return new DecisionsResponse(
        model,
        answers,
        new Used(tokens, new Input(decisions.cachedTokens(), 0), 0, new Output(0), tokens));
  }
}
