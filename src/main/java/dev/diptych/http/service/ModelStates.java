package dev.diptych.http.service;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** Every model, by its name, with what it does or may come to do as long as that is not known. */
  Map<String, List<Served<?>>> byName() {
    Map<String, List<Served<?>>> byName = new LinkedHashMap<>();
    all()
        .forEach(
            served -> byName.computeIfAbsent(served.name(), _ -> new ArrayList<>()).add(served));
    return byName;
  }

  /** Whether a model has its role, and does not only may come to have it. */
  boolean isCertain(Served<?> served) {
    return roles.stream().noneMatch(models -> models.isOnlyPossible(served));
  }

  /** What a model with this name does; nothing if there is none, or it is not known yet. */
  Set<Role> rolesOf(String model) {
    Set<Role> able = EnumSet.noneOf(Role.class);
    for (ServedModels<?> models : roles) {
      if (models.all().stream().anyMatch(served -> served.isNamed(model))) {
        able.add(models.role());
      }
    }
    return able;
  }

  private List<Served<?>> all() {
    List<Served<?>> all = new ArrayList<>();
    roles.forEach(models -> all.addAll(models.allPossible()));
    return all;
  }

  /** Whether every model answers. */
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

  /** The status of each role's default by its label, and of each other model by its name. */
  Map<String, RoleStatus> statuses() {
    Map<String, RoleStatus> statuses = new LinkedHashMap<>();
    Set<String> defaults = new HashSet<>();
    for (Served<?> served : roles()) {
      statuses.put(served.role().label(), RoleStatus.of(served));
      defaults.add(served.name());
    }
    byName()
        .forEach(
            (name, served) -> {
              if (!defaults.contains(name)) {
                statuses.putIfAbsent(name, RoleStatus.of(served));
              }
            });
    return statuses;
  }
}
