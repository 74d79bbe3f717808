package dev.diptych.model;

import dev.diptych.InvalidInput;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models that answer one role. The first is the default, which a request gets that names none.
 *
 * @param <T> the engine that callers use
 */
public final class ServedModels<T> {

  private final Role role;
  private final List<Served<T>> models;

  /**
   * @param models the default first; those without a name are left out
   */
  public ServedModels(Role role, List<Served<T>> models) {
    this.role = role;
    this.models =
        new CopyOnWriteArrayList<>(
            models.stream().filter(served -> !served.model().isEmpty()).toList());
  }

  /** One model for a role. */
  public static <T> ServedModels<T> of(Served<T> served) {
    return new ServedModels<>(served.role(), List.of(served));
  }

  public Role role() {
    return role;
  }

  /** Every model of the role, the default first; empty if the role is switched off. */
  public List<Served<T>> all() {
    return List.copyOf(models);
  }

  /** The default, or one that is off. */
  public Served<T> first() {
    List<Served<T>> all = all();
    return all.isEmpty() ? new Served<>(role, "") : all.getFirst();
  }

  /**
   * The model that a request names.
   *
   * @param name null takes the default
   * @throws InvalidInput if no model of the role has that name
   */
  public Served<T> named(@Nullable String name) {
    if (name == null) {
      return first();
    }
    for (Served<T> served : models) {
      if (served.isNamed(name)) {
        return served;
      }
    }
    throw new InvalidInput(
        InvalidInput.Kind.UNKNOWN_MODEL,
        "there is no model `%s` for %s; there is %s".formatted(name, role.label(), names()));
  }

  /** The engine of the model that a request names, as {@link #named} and {@link Served#engine}. */
  public T engine(@Nullable String name) {
    return named(name).engine();
  }

  private String names() {
    return models.isEmpty()
        ? "none (diptych.models.%s is empty)".formatted(role.label())
        : models.stream()
            .map(served -> "`" + served.name() + "`")
            .collect(Collectors.joining(" and "));
  }
}
