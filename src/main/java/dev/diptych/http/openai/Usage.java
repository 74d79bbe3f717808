package dev.diptych.http.openai;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What a request to the decoder cost, in tokens.
 *
 * @param completionTokens of all answers that were drawn, also of those that are not returned
 */
@Schema(name = "OpenAiUsage")
record Usage(int promptTokens, int completionTokens, int totalTokens, Details promptTokensDetails) {

  /**
   * @param cachedTokens those that earlier requests had left computed
   */
  @Schema(name = "OpenAiPromptTokens")
  record Details(int cachedTokens) {}

  static final Usage NONE = of(0, 0, 0);

  static Usage of(int prompt, int completion, int cached) {
    return new Usage(prompt, completion, prompt + completion, new Details(cached));
  }

  /** Together with that of another prompt. */
  Usage plus(Usage other) {
    return of(
        promptTokens + other.promptTokens,
        completionTokens + other.completionTokens,
        promptTokensDetails.cachedTokens + other.promptTokensDetails.cachedTokens);
  }
}
