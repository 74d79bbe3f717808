package dev.diptych.http.service;

import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The states of all roles, seen together. */
@Component
final class ModelStates {

  private final List<ServedModels<?>> roles;

  ModelStates(List<ServedModels<?>> roles) {
    this.roles = roles.stream().sorted(Comparator.comparing(ServedModels::role)).toList();
  }

  /** The default model of each role. */
  List<Served<?>> roles() {
    List<Served<?>> defaults = new ArrayList<>();
    roles.forEach(models -> defaults.add(models.first()));
    return defaults;
  }

  private List<Served<?>> all() {
    List<Served<?>> all = new ArrayList<>();
    roles.forEach(models -> all.addAll(models.all()));
    return all;
  }

  /** Whether every role that has a model answers. */
  boolean ready() {
    return all().stream()
        .map(Served::state)
        .allMatch(state -> state instanceof Served.Ready<?> || state instanceof Served.Off<?>);
  }

  /** Whether a model could not be had, or has failed. */
  boolean failed() {
    return lost() || all().stream().anyMatch(served -> served.state() instanceof Served.Failed<?>);
  }

  /** Whether a model has failed that only a new process brings back. */
  boolean lost() {
    return all().stream().anyMatch(served -> served.state() instanceof Served.Lost<?>);
  }

  /** When another look makes sense: soon if only time is needed. */
  Duration retryAfter() {
    return failed() ? Served.AFTER_FAILURE : Served.WHILE_COMING;
  }

  /** The status of each role, by its label. */
  Map<String, RoleStatus> byRole() {
    Map<String, RoleStatus> statuses = new LinkedHashMap<>();
    roles().forEach(served -> statuses.put(served.role().label(), RoleStatus.of(served)));
    return statuses;
  }
}
