package dev.diptych.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models of all roles by their names. */
public final class ModelsByName {

  private final List<ServedModels<?>> roles;

  /**
   * @param roles in any order
   */
  public ModelsByName(List<ServedModels<?>> roles) {
    this.roles = roles.stream().sorted(Comparator.comparing(ServedModels::role)).toList();
  }

  /** The models of each role, in the order of the roles. */
  public List<ServedModels<?>> roles() {
    return roles;
  }

  /** Every model with each of its roles, those included that it may turn out to have. */
  public List<Served<?>> all() {
    List<Served<?>> all = new ArrayList<>();
    roles.forEach(models -> all.addAll(models.allPossible()));
    return all;
  }

  /** The same by the name of each, as people outside see it. */
  public Map<String, List<Served<?>>> byName() {
    Map<String, List<Served<?>>> byName = new LinkedHashMap<>();
    for (Served<?> served : all()) {
      byName.computeIfAbsent(served.name(), _ -> new ArrayList<>()).add(served);
    }
    return byName;
  }

  /** The roles of a model with this name, those included that it may turn out to have. */
  public List<Served<?>> named(String name) {
    return all().stream().filter(served -> served.isNamed(name)).toList();
  }

  /** Whether a model has its role, and not only may turn out to have it. */
  public boolean isCertain(Served<?> served) {
    return roles.stream().noneMatch(models -> models.isOnlyPossible(served));
  }
}
