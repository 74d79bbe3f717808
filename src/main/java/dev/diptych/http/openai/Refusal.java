package dev.diptych.http.openai;

import dev.diptych.Excerpt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that this dialect refuses, with the field that is to blame and OpenAI's code. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final HttpStatus status;
  private final @Nullable String param;
  private final String code;

  private Refusal(HttpStatus status, String message, @Nullable String param, String code) {
    super(Excerpt.of(message), null, false, false); // it is known what happened
    this.status = status;
    this.param = param;
    this.code = code;
  }

  /** A value that cannot be. */
  static Refusal value(String param, String message) {
    return new Refusal(HttpStatus.BAD_REQUEST, message, param, "invalid_value");
  }

  /** A field that must be there. */
  static Refusal missing(String param, String what) {
    return new Refusal(
        HttpStatus.BAD_REQUEST,
        "missing field `%s`, %s".formatted(param, what),
        param,
        "missing_required_parameter");
  }

  /** A field, or a value of it, that this service does not have. */
  static Refusal unsupported(String param, String message) {
    return new Refusal(HttpStatus.BAD_REQUEST, message, param, "unsupported_parameter");
  }

  /** A model that there is, but that does something else. */
  static Refusal otherModel(String message) {
    return new Refusal(HttpStatus.BAD_REQUEST, message, "model", "model_not_supported");
  }

  /** A model that there is not. */
  static Refusal noModel(String message) {
    return new Refusal(HttpStatus.NOT_FOUND, message, "model", "model_not_found");
  }

  HttpStatus status() {
    return status;
  }

  @Nullable String param() {
    return param;
  }

  String code() {
    return code;
  }
}
