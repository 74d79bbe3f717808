package dev.diptych.http.service;

import dev.diptych.DiptychSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells what the service serves and within which limits. */
@Tag(name = "Service")
@RestController
final class InfoController {

  private final ServiceVersion version;
  private final DiptychSettings settings;
  private final ModelStates models;

  InfoController(ServiceVersion version, DiptychSettings settings, ModelStates models) {
    this.version = version;
    this.settings = settings;
    this.models = models;
  }

  @Operation(summary = "The models, their states and the limits")
  @GetMapping("/info")
  ResponseEntity<ServiceInfo> info() {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(ServiceInfo.of(version.number(), settings, models));
  }
}
