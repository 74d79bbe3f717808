package dev.diptych.http.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.diptych.model.Backend;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.Served;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One model: how far it is, and once it answers what it is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelInfo(
    @JsonUnwrapped RoleStatus status,
    @Schema(description = "Commit or checksum of its files") @Nullable String modelSha,
    @Schema(example = "float32") @Nullable String modelDtype,
    @Schema(example = "cpu") @Nullable String modelDeviceType,
    @Schema(description = "Requests accepted at once", example = "128") int maxConcurrentRequests,
    @Schema(description = "Longest input in tokens", example = "256")
        @Nullable Integer maxInputTokens,
    @Schema(description = "Longest input and answer together, in tokens", example = "2048")
        @Nullable Integer maxTotalTokens,
    @Schema(description = "What computes it", example = "pytorch") @Nullable String backend,
    @Schema(description = "Why machine code does not", example = "no kernel for a sliding window")
        @Nullable String backendReason) {

  /** The same with another status. */
  ModelInfo with(RoleStatus other) {
    return new ModelInfo(
        other,
        modelSha,
        modelDtype,
        modelDeviceType,
        maxConcurrentRequests,
        maxInputTokens,
        maxTotalTokens,
        backend,
        backendReason);
  }

  static ModelInfo of(Served<?> served, int maxConcurrentRequests) {
    RoleStatus status = RoleStatus.of(served);
    if (served.state() instanceof Served.Ready<?>(ModelFacts.Known engine)) {
      ModelFacts facts = engine.facts();
      Backend backend = facts.backend();
      return new ModelInfo(
          status,
          facts.revision(),
          facts.dataType(),
          facts.device(),
          maxConcurrentRequests,
          facts.maxInputTokens(),
          facts.maxTotalTokens(),
          backend == null ? null : backend.name(),
          backend == null ? null : backend.reason());
    }
    return new ModelInfo(status, null, null, null, maxConcurrentRequests, null, null, null, null);
  }
}
