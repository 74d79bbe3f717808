package dev.diptych.http.service;

import dev.diptych.model.ModelsByName;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.time.Duration;
import java.util.ArrayList;
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

  private final ModelsByName models;

  ModelStates(List<ServedModels<?>> roles) {
    this.models = new ModelsByName(roles);
  }

  /** The default model of each role. */
  List<Served<?>> roles() {
    List<Served<?>> defaults = new ArrayList<>();
    models.roles().forEach(role -> defaults.add(role.first()));
    return defaults;
  }

  /** Every model, by its name, with what it does or may come to do as long as that is not known. */
  Map<String, List<Served<?>>> byName() {
    return models.byName();
  }

  /** Whether a model has its role, and does not only may come to have it. */
  boolean isCertain(Served<?> served) {
    return models.isCertain(served);
  }

  /** What a model with this name does; nothing if there is none, or it is not known yet. */
  Set<Role> rolesOf(String model) {
    Set<Role> able = EnumSet.noneOf(Role.class);
    models.named(model).stream().filter(models::isCertain).forEach(one -> able.add(one.role()));
    return able;
  }

  /** Whether every model answers, but for those that nobody wants in memory now. */
  boolean ready() {
    return models.all().stream()
        .map(Served::state)
        .allMatch(
            state ->
                switch (state) {
                  case Served.Ready<?> _,
                      Served.Off<?> _,
                      Served.Unloaded<?> _,
                      Served.Returning<?> _ ->
                      true;
                  case Served.Coming<?> _, Served.Failed<?> _, Served.Lost<?> _ -> false;
                });
  }

  /** Whether a model could not be had, or has failed. */
  boolean failed() {
    return lost()
        || models.all().stream().anyMatch(served -> served.state() instanceof Served.Failed<?>);
  }

  /** Whether a model has failed that only a new process brings back. */
  boolean lost() {
    return models.all().stream().anyMatch(served -> served.state() instanceof Served.Lost<?>);
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
