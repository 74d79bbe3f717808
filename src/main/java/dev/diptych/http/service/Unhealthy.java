package dev.diptych.http.service;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** Why the service is not healthy, in the error body of text-embeddings-inference. */
record Unhealthy(
    @Schema(example = "fill-mask: downloading model.ckpt 41 of 440 MB") String error,
    @Schema(example = "Unhealthy") String errorType,
    @Schema(
            description =
                "How far each model is: the default of each role by the role, others by name")
        Map<String, RoleStatus> models) {

  static Unhealthy of(ModelStates models) {
    Map<String, RoleStatus> statuses = models.statuses();
    StringBuilder reasons = new StringBuilder();
    statuses.forEach(
        (role, status) -> {
          if (status.detail() != null) {
            reasons.append(reasons.isEmpty() ? "" : "; ").append(role).append(": ");
            reasons.append(status.detail());
          }
        });
    return new Unhealthy(reasons.toString(), "Unhealthy", statuses);
  }
}
