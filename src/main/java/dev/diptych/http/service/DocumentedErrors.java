package dev.diptych.http.service;

import dev.diptych.http.Dialect;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * Every status with which an operation can refuse or fail, each with the body of its dialect. A
 * controller names that body once, as its default response.
 */
@Component
final class DocumentedErrors implements OpenApiCustomizer {

  private static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;
  private static final String PROBLEM =
      org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;
  private static final String PLAIN_TEXT = org.springframework.http.MediaType.TEXT_PLAIN_VALUE;

  private static final Status NO_MODEL = new Status(404, "There is no such model");

  /** What can be wrong with any request, or with the service. */
  private static final List<Status> OF_EVERY_REQUEST =
      List.of(
          new Status(400, "The request is not in order"),
          new Status(408, "The body did not come to its end in time (diptych.http.read-timeout)"),
          new Status(413, "The body is too large (diptych.http.max-body-size)"),
          new Status(429, "Too much is going on; Retry-After says when to come back"),
          new Status(500, "The service failed; its log says why"));

  /** What else can be wrong where a model answers. */
  private static final List<Status> OF_A_MODEL =
      List.of(
          new Status(415, "The body is not application/json, or has a content coding"),
          new Status(422, "A value cannot be used; the message says which and why"),
          new Status(424, "The model failed, or cannot do this"),
          new Status(503, "The model is not ready; the message says how far it is"),
          new Status(504, "It took longer than a request may (diptych.http.request-timeout)"));

  /** The same as OpenAI and Cohere have it, to whom all that cannot be used is 400. */
  private static final List<Status> OF_A_MODEL_BY_NAME =
      List.of(
          NO_MODEL,
          new Status(415, "The body is not application/json, or has a content coding"),
          new Status(503, "The model is not ready; the message says how far it is"),
          new Status(504, "It took longer than a request may (diptych.http.request-timeout)"));

  /** What can be wrong where models are loaded and unloaded. */
  private static final List<Status> OF_A_CHANGE =
      List.of(
          new Status(403, "Models are changed with a key, or from the machine itself"),
          new Status(404, "There is no such model"),
          new Status(409, "There is no memory for it, or another model has its name"));

  /** Where text-embeddings-inference speaks in plain text, as it is about the body itself. */
  private static final Set<Integer> IN_PLAIN_TEXT = Set.of(408, 413, 415);

  /** Where it does so if the body cannot be read, and in JSON if a value cannot be used. */
  private static final Set<Integer> IN_BOTH = Set.of(400, 422);

  private record Status(int code, String description) {}

  private final RootTargets root;
  private final DocumentedKeys keys;

  DocumentedErrors(RootTargets root, DocumentedKeys keys) {
    this.root = root;
    this.keys = keys;
  }

  @Override
  public void customise(OpenAPI document) {
    Components components =
        Objects.requireNonNullElseGet(document.getComponents(), Components::new);
    document.setComponents(components);
    components.addSchemas("Problem", problem());
    document
        .getPaths()
        .forEach(
            (path, item) -> {
              Dialect dialect = Dialect.of(path);
              Schema<?> body = body(item);
              for (Operation operation : item.readOperations()) {
                ApiResponses responses = operation.getResponses();
                OF_EVERY_REQUEST.forEach(status -> add(responses, dialect, status, body));
              }
              if (item.getPost() != null || path.contains("{model}")) {
                Operation operation = item.getPost() == null ? item.getGet() : item.getPost();
                of(dialect).forEach(status -> add(operation.getResponses(), dialect, status, body));
                if (path.startsWith("/models/")) {
                  OF_A_CHANGE.forEach(
                      status -> add(operation.getResponses(), dialect, status, body));
                }
              }
            });
    DocumentedRoot.describe(document.getPaths(), root);
    keys.describe(document);
  }

  private static Stream<Status> of(Dialect dialect) {
    return switch (dialect) {
      case OPEN_AI, COHERE -> OF_A_MODEL_BY_NAME.stream();
      case SYSTEM_ONE -> Stream.concat(Stream.of(NO_MODEL), OF_A_MODEL.stream());
      case GENERATE, HUGGING_FACE, EMBED, SERVICE -> OF_A_MODEL.stream();
    };
  }

  /** The body that a controller named; taken away, as it stands with each status then. */
  private static @Nullable Schema<?> body(PathItem item) {
    Schema<?> body = null;
    for (Operation operation : item.readOperations()) {
      ApiResponse named = operation.getResponses().remove(ApiResponses.DEFAULT);
      if (named != null) {
        body = named.getContent().values().iterator().next().getSchema();
      }
    }
    return body;
  }

  private static void add(
      ApiResponses responses, Dialect dialect, Status status, @Nullable Schema<?> body) {
    String code = Integer.toString(status.code());
    if (responses.containsKey(code)) {
      return; // the controller says more
    }
    ApiResponse response = new ApiResponse().description(status.description());
    response.setContent(content(dialect, status.code(), body));
    if (status.code() == 429 || status.code() == 503) {
      response.addHeaderObject("Retry-After", retryAfter());
    }
    responses.addApiResponse(code, response);
  }

  private static Content content(Dialect dialect, int status, @Nullable Schema<?> body) {
    return switch (dialect) {
      case SERVICE -> new Content().addMediaType(PROBLEM, of(reference("Problem")));
      case GENERATE, HUGGING_FACE, OPEN_AI, COHERE, SYSTEM_ONE ->
          new Content().addMediaType(JSON, of(body));
      case EMBED -> {
        Content content = new Content();
        if (!IN_PLAIN_TEXT.contains(status)) {
          content.addMediaType(JSON, of(body));
        }
        if (IN_PLAIN_TEXT.contains(status) || IN_BOTH.contains(status)) {
          content.addMediaType(PLAIN_TEXT, text());
        }
        yield content;
      }
    };
  }

  private static MediaType of(@Nullable Schema<?> schema) {
    return new MediaType().schema(schema);
  }

  private static MediaType text() {
    return of(type("string"));
  }

  private static Schema<?> reference(String name) {
    return new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + name);
  }

  private static Header retryAfter() {
    return new Header()
        .description("Seconds after which another try makes sense")
        .required(true)
        .schema(type("integer").minimum(BigDecimal.ONE));
  }

  private static Schema<?> problem() {
    Schema<?> problem =
        type("object")
            .description("Problem details (RFC 9457), where no peer says how an error looks");
    problem.addProperty("title", type("string").example("Bad Request"));
    problem.addProperty("status", type("integer").example(400));
    problem.addProperty("detail", type("string").example("the request cannot be used"));
    problem.setRequired(List.of("title", "status", "detail"));
    return problem;
  }

  private static Schema<?> type(String name) {
    return new JsonSchema().types(Set.of(name));
  }
}
