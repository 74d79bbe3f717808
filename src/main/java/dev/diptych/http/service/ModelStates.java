package dev.diptych.http.service;

import dev.diptych.model.Served;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The states of all roles, seen together. */
@Component
final class ModelStates {

  private final List<Served<?>> roles;

  ModelStates(List<Served<?>> roles) {
    this.roles = roles.stream().sorted(Comparator.comparing(Served::role)).toList();
  }

  List<Served<?>> roles() {
    return roles;
  }

  /** Whether every role that has a model answers. */
  boolean ready() {
    return roles.stream()
        .map(Served::state)
        .allMatch(state -> state instanceof Served.Ready<?> || state instanceof Served.Off<?>);
  }

  /** Whether a model could not be had, or has failed. */
  boolean failed() {
    return lost() || roles.stream().anyMatch(served -> served.state() instanceof Served.Failed<?>);
  }

  /** Whether a model has failed that only a new process brings back. */
  boolean lost() {
    return roles.stream().anyMatch(served -> served.state() instanceof Served.Lost<?>);
  }

  /** When another look makes sense: soon if only time is needed. */
  Duration retryAfter() {
    return failed() ? Served.AFTER_FAILURE : Served.WHILE_COMING;
  }

  /** The status of each role, by its label. */
  Map<String, RoleStatus> byRole() {
    Map<String, RoleStatus> statuses = new LinkedHashMap<>();
    roles.forEach(served -> statuses.put(served.role().label(), RoleStatus.of(served)));
    return statuses;
  }
}
