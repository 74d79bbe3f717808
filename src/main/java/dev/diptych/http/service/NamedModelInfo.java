package dev.diptych.http.service;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.diptych.DiptychSettings;
import dev.diptych.model.Explanation;
import dev.diptych.model.Served;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** One model by its name, with all that it does. */
record NamedModelInfo(
    @JsonUnwrapped ModelInfo model,
    @Schema(
            description = "What it does; empty while that is not known",
            example = "[\"fill-mask\", \"embed\"]")
        List<String> tasks,
    @Schema(description = "Its further names") List<String> aliases) {

  /**
   * @param roles what it does, or may come to do as long as that is not known; at least one
   */
  static NamedModelInfo of(List<Served<?>> roles, ModelStates states, DiptychSettings settings) {
    Served<?> told =
        roles.stream()
            .filter(served -> served.state() instanceof Served.Ready<?>)
            .findFirst()
            .orElse(roles.getFirst());
    return new NamedModelInfo(
        ModelInfo.of(told, ServiceInfo.concurrent(told.role(), settings))
            .with(RoleStatus.of(roles)),
        roles.stream().filter(states::isCertain).map(served -> served.role().label()).toList(),
        told.named().aliases().stream().map(Explanation::withoutPaths).toList());
  }
}
