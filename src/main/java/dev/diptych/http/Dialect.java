package dev.diptych.http;

import dev.diptych.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Which peer a path follows, and how it answers an error that comes before its controllers or after
 * them: an unknown path, a method, a content type, a body that cannot be had, a fault.
 */
public enum Dialect {
  /** text-generation-inference. */
  GENERATE,
  /** Hugging Face's tasks. */
  HUGGING_FACE,
  /** text-embeddings-inference, which speaks of bodies in plain text. */
  EMBED,
  /** OpenAI. */
  OPEN_AI,
  /** Cohere. */
  COHERE,
  /** TypeSafe's System One. */
  SYSTEM_ONE,
  /** None: problem details (RFC 9457). */
  SERVICE;

  private static final MediaType PLAIN_TEXT =
      new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
  private static final String UNAUTHORIZED = "unauthorized";
  private static final List<Integer> OF_THE_BODY = List.of(400, 408, 413, 415);

  /**
   * The dialect of a path, which is that of its first segment but for System One's; the root is
   * text generation's.
   */
  public static Dialect of(String path) {
    if (path.equals("/v1/systemone") || path.equals("/compare")) {
      return SYSTEM_ONE;
    }
    int end = path.indexOf('/', 1);
    return switch (end < 0 ? path : path.substring(0, end)) {
      case "/", "/generate", "/generate_stream", "/chat_tokenize" -> GENERATE;
      case "/fill-mask",
          "/token-classification",
          "/question-answering",
          "/text-classification",
          "/zero-shot-classification",
          "/sentence-similarity",
          "/feature-extraction" ->
          HUGGING_FACE;
      case "/embed",
          "/embed_all",
          "/embed_sparse",
          "/similarity",
          "/tokenize",
          "/decode",
          "/predict",
          "/rerank",
          "/invocations" ->
          EMBED;
      case "/v1", "/embeddings", "/chat", "/completions", "/responses", "/decisions" -> OPEN_AI;
      case "/v2" -> COHERE;
      default -> SERVICE;
    };
  }

  /** An error of this dialect. */
  public ResponseEntity<Object> error(HttpStatusCode status, String message) {
    return error(status, HttpHeaders.EMPTY, message);
  }

  /** An error of this dialect with further headers. */
  public ResponseEntity<Object> error(HttpStatusCode status, HttpHeaders headers, String message) {
    String shortened = Excerpt.of(message);
    MediaType type =
        switch (this) {
          case GENERATE, HUGGING_FACE, OPEN_AI, COHERE, SYSTEM_ONE -> MediaType.APPLICATION_JSON;
          case EMBED ->
              OF_THE_BODY.contains(status.value()) ? PLAIN_TEXT : MediaType.APPLICATION_JSON;
          case SERVICE -> MediaType.APPLICATION_PROBLEM_JSON;
        };
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(type)
        .body(type.equals(PLAIN_TEXT) ? shortened : body(status, shortened));
  }

  private Object body(HttpStatusCode status, String message) {
    return switch (this) {
      case GENERATE ->
          flat(
              status.value() < 429 && status.value() != 401
                  ? "Input validation error: " + message
                  : message,
              kind(
                  status,
                  "validation",
                  UNAUTHORIZED,
                  "overloaded",
                  "unavailable",
                  "incomplete_generation"));
      case HUGGING_FACE ->
          flat(
              message,
              kind(status, "validation", UNAUTHORIZED, "overloaded", "unavailable", "inference"));
      case EMBED ->
          flat(
              message,
              kind(status, "Validation", "Unauthorized", "Overloaded", "Unhealthy", "Backend"));
      case OPEN_AI ->
          Map.of(
              "error",
              openAi(
                  message,
                  kind(
                      status,
                      "invalid_request_error",
                      "invalid_request_error",
                      "rate_limit_error",
                      "service_unavailable",
                      "server_error"),
                  switch (status.value()) {
                    case 401 -> "invalid_api_key";
                    case 429 -> "rate_limit_exceeded";
                    default -> null;
                  }));
      case COHERE -> Map.of("message", message);
      case SYSTEM_ONE ->
          Map.of(
              "detail",
              systemOne(
                  message,
                  status.value() == 404
                      ? "not_found_error"
                      : kind(
                          status,
                          "invalid_request_error",
                          "authentication_error",
                          "rate_limit_error",
                          "overloaded_error",
                          "api_error")));
      case SERVICE -> problem(status, message);
    };
  }

  private static String kind(
      HttpStatusCode status,
      String refused,
      String withoutKey,
      String overloaded,
      String unavailable,
      String failed) {
    return switch (status.value()) {
      case 401 -> withoutKey;
      case 429 -> overloaded;
      case 503 -> unavailable;
      default -> status.is5xxServerError() ? failed : refused;
    };
  }

  private static Map<String, String> flat(String message, String type) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("error", message);
    body.put("error_type", type);
    return body;
  }

  private static Map<String, String> systemOne(String message, String type) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("error_type", type);
    detail.put("message", message);
    return detail;
  }

  private static Map<String, Object> problem(HttpStatusCode status, String message) {
    Map<String, Object> problem = new LinkedHashMap<>();
    HttpStatus known = HttpStatus.resolve(status.value());
    problem.put("title", known == null ? "Error" : known.getReasonPhrase());
    problem.put("status", status.value());
    problem.put("detail", message);
    return problem;
  }

  private static Map<String, @Nullable String> openAi(
      String message, String type, @Nullable String code) {
    Map<String, @Nullable String> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("type", type);
    error.put("param", null);
    error.put("code", code);
    return error;
  }
}
