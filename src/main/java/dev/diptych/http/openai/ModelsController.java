package dev.diptych.http.openai;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Which models there are. */
@RestController
@Tag(name = "OpenAI", description = "As OpenAI's API has it")
@ApiResponse(responseCode = "200", description = "The models")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = OpenAiError.class)))
final class ModelsController {

  private final Models models;

  ModelsController(Models models) {
    this.models = models;
  }

  @Operation(summary = "Every model that is configured")
  @GetMapping("/v1/models")
  ResponseEntity<ModelCard.All> all() {
    return json(ModelCard.All.of(models.cards()));
  }

  @Operation(summary = "One of the models")
  @GetMapping("/v1/models/{*model}")
  ResponseEntity<ModelCard> one(
      @Parameter(description = "Its name, which may have slashes", example = "all-minilm-l6-v2")
          @PathVariable
          String model) {
    return json(models.card(model.substring(1)));
  }

  private static <T> ResponseEntity<T> json(T body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
