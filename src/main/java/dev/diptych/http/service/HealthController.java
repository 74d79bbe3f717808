package dev.diptych.http.service;

import dev.diptych.http.RetryAfter;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says whether every configured model answers, and leads browsers to the documentation. */
@Tag(name = "Service", description = "What concerns the service as a whole")
@RestController
final class HealthController {

  private static final URI DOCUMENTATION = URI.create("/docs");

  private final ModelStates models;

  HealthController(ModelStates models) {
    this.models = models;
  }

  @Operation(summary = "Whether every configured model answers")
  @ApiResponse(
      responseCode = "200",
      description = "Every configured model answers",
      content = @Content)
  @ApiResponse(
      responseCode = "503",
      description = "A model is still coming or failed; Retry-After says when to come back",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = Unhealthy.class)))
  @GetMapping({"/health", "/ping"})
  ResponseEntity<Unhealthy> health() {
    if (models.ready()) {
      return ResponseEntity.ok().build();
    }
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .headers(RetryAfter.in(models.retryAfter()))
        .contentType(MediaType.APPLICATION_JSON)
        .body(Unhealthy.of(models));
  }

  /** The health for programs, as the peers' root path has it. */
  @Operation(summary = "As /health; leads a browser to the documentation")
  @ApiResponse(
      responseCode = "200",
      description = "Every configured model answers",
      content = @Content)
  @ApiResponse(responseCode = "302", description = "For a browser: to /docs", content = @Content)
  @ApiResponse(
      responseCode = "503",
      description = "A model is still coming or failed; Retry-After says when to come back",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = Unhealthy.class)))
  @GetMapping("/")
  ResponseEntity<Unhealthy> root() {
    return health();
  }

  @Hidden
  @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
  ResponseEntity<Void> documentation() {
    return ResponseEntity.status(HttpStatus.FOUND).location(DOCUMENTATION).build();
  }
}
