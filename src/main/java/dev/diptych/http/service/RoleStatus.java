package dev.diptych.http.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.diptych.model.Served;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far the model behind one endpoint is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RoleStatus(
    @Schema(
            description = "The model as the settings name it, of an absolute path the end",
            example = "all-minilm-l6-v2")
        String modelId,
    @Schema(allowableValues = {"coming", "ready", "failed", "unloaded", "off"}) String state,
    @Schema(
            description = "What is happening, or why it failed",
            example = "downloading model.safetensors 41 of 90 MB")
        @Nullable String detail) {

  private static final String READY = "ready";

  /** That of a model with several roles: what keeps it from answering, if anything does. */
  static RoleStatus of(List<Served<?>> roles) {
    List<RoleStatus> statuses = roles.stream().map(RoleStatus::of).toList();
    return statuses.stream()
        .filter(status -> !status.state().equals(READY))
        .findFirst()
        .orElse(statuses.getFirst());
  }

  static RoleStatus of(Served<?> served) {
    return switch (served.state()) {
      case Served.Coming<?>(String what) -> new RoleStatus(served.name(), "coming", what);
      case Served.Ready<?> _ -> new RoleStatus(served.name(), READY, null);
      case Served.Failed<?>(String why) -> new RoleStatus(served.name(), "failed", why);
      case Served.Lost<?>(String why) -> new RoleStatus(served.name(), "failed", why);
      case Served.Unloaded<?> _ -> new RoleStatus(served.name(), "unloaded", null);
      case Served.Returning<?>(String what, var _) -> new RoleStatus(served.name(), "coming", what);
      case Served.Off<?> _ -> new RoleStatus(served.name(), "off", null);
    };
  }
}
