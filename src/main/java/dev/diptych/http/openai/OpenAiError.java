package dev.diptych.http.openai;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.Excerpt;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The body of every error of OpenAI's dialect, and an event of a stream that failed. */
record OpenAiError(Detail error) {

  /**
   * @param message what was wrong
   * @param type the kind of error
   * @param param the field that is wrong, if it is one
   * @param code what programs tell errors apart by, where there is something to tell
   */
  @Schema(name = "OpenAiErrorDetail")
  record Detail(
      @Schema(example = "`input` cannot be empty") String message,
      @Schema(
              allowableValues = {
                "invalid_request_error",
                "rate_limit_error",
                "service_unavailable",
                "server_error"
              })
          String type,
      @Schema(example = "input") @Nullable String param,
      @Schema(example = "invalid_value") @Nullable String code) {}

  private static final String REFUSED = "invalid_request_error";

  /** What a request was refused with. */
  static OpenAiError of(Refusal refusal) {
    return refused(String.valueOf(refusal.getMessage()), refusal.param(), refusal.code());
  }

  /** A request that cannot be used. */
  static OpenAiError refused(String message, @Nullable String param, @Nullable String code) {
    return of(message, REFUSED, param, code);
  }

  /** What an engine says, in the field names of an endpoint. */
  static OpenAiError of(DiptychException cause, FieldNames names) {
    String message = names.translate(String.valueOf(cause.getMessage()));
    return switch (cause) {
      case InvalidInput invalid ->
          refused(
              message,
              FieldNames.first(message),
              switch (invalid.kind()) {
                case TOO_LONG -> "context_length_exceeded";
                case UNKNOWN_MODEL -> "model_not_found";
                case EMPTY, BATCH_SIZE, VALIDATION, TOKENIZER -> "invalid_value";
              });
      case Overloaded _ -> of(message, "rate_limit_error", null, "rate_limit_exceeded");
      case ModelUnavailable _ -> of(message, "service_unavailable", null, "model_not_ready");
      case InferenceFailed _ -> of(message, "server_error", null, null);
      case DeadlineExceeded _ -> of(message, "server_error", null, "timeout");
    };
  }

  /** A fault, of which only the log tells more. */
  static OpenAiError fault() {
    return of("the service failed; its log says why", "server_error", null, null);
  }

  /** The status that an engine's failure is answered with. */
  static HttpStatus status(DiptychException cause) {
    return switch (cause) {
      case InvalidInput _ -> HttpStatus.BAD_REQUEST;
      case Overloaded _ -> HttpStatus.TOO_MANY_REQUESTS;
      case ModelUnavailable _ -> HttpStatus.SERVICE_UNAVAILABLE;
      case InferenceFailed _ -> HttpStatus.INTERNAL_SERVER_ERROR;
      case DeadlineExceeded _ -> HttpStatus.GATEWAY_TIMEOUT;
    };
  }

  private static OpenAiError of(
      String message, String type, @Nullable String param, @Nullable String code) {
    return new OpenAiError(new Detail(Excerpt.of(message), type, param, code));
  }
}
