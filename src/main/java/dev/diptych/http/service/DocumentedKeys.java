package dev.diptych.http.service;

import dev.diptych.DiptychSettings;
import dev.diptych.http.OpenPaths;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Where keys are set: how they are brought, which operations need one, and their 401. */
@Component
final class DocumentedKeys {

  private static final String BEARER = "bearer";
  private static final String HEADER = "x-api-key";
  private static final String UNAUTHORIZED = "401";

  /** What every operation already has, with the body of its dialect. */
  private static final String BAD_REQUEST = "400";

  private final DiptychSettings.Http settings;

  DocumentedKeys(DiptychSettings settings) {
    this.settings = settings.http();
  }

  /** Adds them to a document whose errors are described. */
  void describe(OpenAPI document) {
    if (settings.apiKeys().isEmpty()) {
      return;
    }
    document
        .getComponents()
        .addSecuritySchemes(
            BEARER, new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
        .addSecuritySchemes(
            HEADER,
            new SecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(SecurityScheme.In.HEADER)
                .name(HEADER));
    document
        .getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .forEach((method, operation) -> describe(path, method, operation)));
  }

  private void describe(String path, PathItem.HttpMethod method, Operation operation) {
    if (OpenPaths.contain(method.name(), path, settings.metricsOpen())) {
      return;
    }
    operation.setSecurity(
        List.of(
            new SecurityRequirement().addList(BEARER), new SecurityRequirement().addList(HEADER)));
    ApiResponse response = new ApiResponse().description("The request brings no key that is known");
    response.addHeaderObject(
        "WWW-Authenticate",
        new Header().required(true).schema(new JsonSchema().types(Set.of("string"))));
    ApiResponse badRequest = operation.getResponses().get(BAD_REQUEST);
    Content content = new Content();
    if (badRequest != null && badRequest.getContent() != null) {
      badRequest
          .getContent()
          .forEach(
              (type, body) -> {
                if (!type.startsWith("text/")) {
                  content.addMediaType(type, body);
                }
              });
    }
    response.setContent(content);
    operation.getResponses().addApiResponse(UNAUTHORIZED, response);
  }
}
