package dev.diptych.http.service;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The root in the API description: what is taken there is what takes it. */
final class DocumentedRoot {

  private DocumentedRoot() {}

  static void describe(Paths paths, RootTargets targets) {
    PathItem root = paths.get(RootTargets.ROOT);
    if (root == null) {
      return;
    }
    List<Operation> taking = new ArrayList<>();
    if (targets.withoutBody().equals(RootTargets.ROOT)) {
      taking.add(root.getPost());
    } else {
      add(taking, paths.get(targets.withoutBody()));
    }
    if (targets.embeds()) {
      add(taking, paths.get(RootTargets.EMBED));
      add(taking, paths.get(RootTargets.SIMILARITY));
    }
    List<Operation> distinct = taking.stream().distinct().toList();
    if (!distinct.isEmpty() && !distinct.equals(List.of(root.getPost()))) {
      root.setPost(together(distinct));
    }
  }

  private static void add(List<Operation> operations, @Nullable PathItem item) {
    if (item != null && item.getPost() != null) {
      operations.add(item.getPost());
    }
  }

  private static Operation together(List<Operation> operations) {
    Operation first = operations.getFirst();
    Content bodies = new Content();
    ApiResponses responses = new ApiResponses();
    for (Operation operation : operations) {
      RequestBody body = operation.getRequestBody();
      merge(bodies, body == null ? null : body.getContent());
      for (Map.Entry<String, ApiResponse> entry : operation.getResponses().entrySet()) {
        ApiResponse known =
            responses.computeIfAbsent(entry.getKey(), _ -> emptyLike(entry.getValue()));
        merge(known.getContent(), entry.getValue().getContent());
      }
    }
    return new Operation()
        .operationId("root")
        .tags(first.getTags())
        .summary(first.getSummary())
        .description(
            operations.size() == 1
                ? first.getDescription()
                : "What the other operations take, by the body: a text to continue, a list of texts"
                    + " to embed, or sentences to compare.")
        .requestBody(new RequestBody().required(true).content(bodies))
        .responses(responses);
  }

  private static ApiResponse emptyLike(ApiResponse response) {
    return new ApiResponse()
        .description(response.getDescription())
        .headers(response.getHeaders())
        .content(new Content());
  }

  private static void merge(Content all, @Nullable Content more) {
    if (more != null) {
      more.forEach((type, media) -> all.merge(type, media, (known, other) -> either(known, other)));
    }
  }

  private static MediaType either(MediaType known, MediaType other) {
    List<Schema<?>> schemas = new ArrayList<>();
    for (MediaType media : List.of(known, other)) {
      Schema<?> schema = media.getSchema();
      if (schema != null && schema.getAnyOf() != null && schema.get$ref() == null) {
        schema.getAnyOf().forEach(schemas::add);
      } else if (schema != null) {
        schemas.add(schema);
      }
    }
    Schema<?> any = new JsonSchema();
    schemas.stream().distinct().forEach(any::addAnyOfItem);
    return new MediaType().schema(any);
  }
}
