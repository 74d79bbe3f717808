package dev.diptych.http.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychSettings;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DocumentedErrorsTests {

  @Test
  void everyStatusHasTheBodyThatTheControllerNamedOnce() {
    OpenAPI document = described("decoder");

    ApiResponses responses = post(document, "/generate").getResponses();
    assertThat(responses).doesNotContainKey(ApiResponses.DEFAULT);
    for (String status : List.of("400", "408", "413", "415", "422", "424", "429", "500", "503")) {
      assertThat(body(responses, status)).as(status).endsWith("/GenerateBody");
    }
  }

  @Test
  void keepsWhatAControllerSaysItself() {
    OpenAPI document = described("decoder");

    assertThat(post(document, "/generate").getResponses().get("200"))
        .isEqualTo(new ApiResponse().description("said by its controller"));
  }

  @Test
  void theRootIsDescribedAsWhateverAnswersIt() {
    Operation both = post(described("decoder"), "/");
    assertThat(bodies(both, "422"))
        .containsExactly("#/components/schemas/GenerateBody", "#/components/schemas/EmbedBody");

    OpenAPI withoutDecoder = described("");
    assertThat(body(post(withoutDecoder, "/").getResponses(), "422"))
        .isEqualTo("#/components/schemas/EmbedBody");
    assertThat(post(withoutDecoder, "/").getResponses().keySet())
        .isEqualTo(post(withoutDecoder, "/embed").getResponses().keySet());
    assertThat(post(withoutDecoder, "/").getOperationId())
        .isNotEqualTo(post(withoutDecoder, "/embed").getOperationId());
  }

  private static List<String> bodies(Operation operation, String status) {
    Content content = requireNonNull(operation.getResponses().get(status)).getContent();
    Schema<?> any = requireNonNull(content.get("application/json")).getSchema();
    return any.getAnyOf().stream().map(schema -> schema.get$ref()).toList();
  }

  private static OpenAPI described(String decoder) {
    OpenAPI document =
        new OpenAPI()
            .paths(
                new Paths()
                    .addPathItem("/", operation("/", "GenerateBody"))
                    .addPathItem("/generate", operation("/generate", "GenerateBody"))
                    .addPathItem("/embed", operation("/embed", "EmbedBody")));
    new DocumentedErrors(
            new RootTargets(
                new ModelStates(
                    List.of(
                        ServedModels.of(new Served<>(Role.GENERATE, decoder)),
                        ServedModels.of(new Served<>(Role.EMBED, "embedder"))))),
            new DocumentedKeys(
                new Binder(new MapConfigurationPropertySource(Map.of()))
                    .bindOrCreate("diptych", DiptychSettings.class)))
        .customise(document);
    return document;
  }

  private static PathItem operation(String path, String body) {
    MediaType json = new MediaType().schema(new JsonSchema().$ref("#/components/schemas/" + body));
    return new PathItem()
        .post(
            new Operation()
                .operationId(body + " " + path)
                .responses(
                    new ApiResponses()
                        .addApiResponse(
                            "200", new ApiResponse().description("said by its controller"))
                        .addApiResponse(
                            "default",
                            new ApiResponse()
                                .content(new Content().addMediaType("application/json", json)))));
  }

  private static String body(ApiResponses responses, String status) {
    Content content = requireNonNull(responses.get(status)).getContent();
    return requireNonNull(content.get("application/json")).getSchema().get$ref();
  }

  private static Operation post(OpenAPI document, String path) {
    return requireNonNull(requireNonNull(document.getPaths().get(path)).getPost());
  }
}
