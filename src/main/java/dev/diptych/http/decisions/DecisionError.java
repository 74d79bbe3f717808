package dev.diptych.http.decisions;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * The body of every error.
 *
 * @param detail a list of {@link Problem}s where values of the request cannot be used, else a
 *     {@link Failure}
 */
@Schema(description = "A list of problems where the request cannot be used, else what happened")
record DecisionError(
    @Schema(
            anyOf = {Problem[].class, Failure.class},
            types = {"array", "object"})
        Object detail) {

  /**
   * @param errorType what programs tell errors apart by
   * @param message what happened
   */
  @Schema(name = "DecisionFailure")
  record Failure(
      @Schema(example = "rate_limit_error") String errorType,
      @Schema(example = "Model is overloaded") String message) {}

  static DecisionError of(String errorType, String message) {
    return new DecisionError(new Failure(errorType, message));
  }

  static DecisionError of(List<Problem> problems) {
    return new DecisionError(List.copyOf(problems));
  }
}
