package dev.diptych.http.service;

import dev.diptych.metrics.MetricsConfiguration;
import dev.diptych.metrics.MetricsPage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The metrics, where the peers have them. */
@Tag(name = "Service")
@RestController
@Import(MetricsConfiguration.class)
final class MetricsController {

  private final MetricsPage page;

  MetricsController(MetricsPage page) {
    this.page = page;
  }

  @Operation(summary = "The metrics, for Prometheus")
  @ApiResponse(
      responseCode = "200",
      description = "All of them, in Prometheus' own format or, if accepted, in OpenMetrics",
      content = {
        @Content(mediaType = "text/plain", schema = @Schema(type = "string")),
        @Content(mediaType = "application/openmetrics-text", schema = @Schema(type = "string"))
      })
  @GetMapping("/metrics")
  ResponseEntity<byte[]> metrics(
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept) {
    MetricsPage.Content now = page.now(accept);
    return ResponseEntity.ok().contentType(MediaType.parseMediaType(now.type())).body(now.bytes());
  }
}
