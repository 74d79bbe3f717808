package dev.diptych.http.generate;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import io.swagger.v3.oas.annotations.media.Schema;

/** The body of every error of this dialect, and the last event of a stream that failed. */
record ErrorResponse(
    @Schema(example = "Input validation error: `inputs` cannot be empty") String error,
    @Schema(
            allowableValues = {
              "validation",
              "overloaded",
              "generation",
              "unavailable",
              "incomplete_generation",
              "unauthorized"
            })
        String errorType) {

  static ErrorResponse of(RuntimeException cause) {
    return cause instanceof DiptychException known
        ? of(known)
        : new ErrorResponse("Request failed during generation", "incomplete_generation");
  }

  static ErrorResponse of(DiptychException cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case InvalidInput _ -> validation(message);
      case Overloaded _ -> new ErrorResponse(message, "overloaded");
      case ModelUnavailable _ -> new ErrorResponse(message, "unavailable");
      case InferenceFailed _, DeadlineExceeded _ ->
          new ErrorResponse("Request failed during generation: " + message, "generation");
    };
  }

  static ErrorResponse validation(String message) {
    return new ErrorResponse("Input validation error: " + message, "validation");
  }
}
