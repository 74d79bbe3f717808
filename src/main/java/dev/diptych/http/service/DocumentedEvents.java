package dev.diptych.http.service;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** Each event of a stream, as OpenAPI has it: an object whose data is JSON of the named schema. */
@Component
final class DocumentedEvents implements OpenApiCustomizer {

  private static final String EACH_EVENT =
      "Each server-sent event: a line of `data: ` with JSON, then an empty line. A stream that"
          + " fails after its first event ends with one that holds the body of an error.";

  @Override
  public void customise(OpenAPI document) {
    for (Map.Entry<String, PathItem> path : document.getPaths().entrySet()) {
      boolean isDone = path.getKey().endsWith("completions"); // as OpenAI ends them
      for (Operation operation : path.getValue().readOperations()) {
        for (ApiResponse response : operation.getResponses().values()) {
          Content content = response.getContent();
          MediaType events =
              content == null
                  ? null
                  : content.get(org.springframework.http.MediaType.TEXT_EVENT_STREAM_VALUE);
          if (events != null) {
            events.setSchema(event(events.getSchema(), isDone));
          }
        }
      }
    }
  }

  /** What an event has besides its data is left open. */
  private static Schema<?> event(Schema<?> payload, boolean isDone) {
    Schema<?> data =
        new JsonSchema()
            .types(Set.of("string"))
            .contentMediaType(org.springframework.http.MediaType.APPLICATION_JSON_VALUE)
            .contentSchema(payload);
    Schema<?> event = new JsonSchema().types(Set.of("object")).description(EACH_EVENT);
    event.addProperty("data", isDone ? orDone(data) : data);
    event.setRequired(List.of("data"));
    return event;
  }

  /** The data of a stream whose last event says so. */
  private static Schema<?> orDone(Schema<?> data) {
    Schema<?> done = new JsonSchema().types(Set.of("string"));
    done.setConst("[DONE]");
    Schema<?> either = new JsonSchema();
    either.addAnyOfItem(done);
    either.addAnyOfItem(data);
    return either;
  }
}
