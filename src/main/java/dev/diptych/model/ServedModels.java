package dev.diptych.model;

import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models that answer one role. The first is the default, which a request gets that names none.
 * Some are only known to be able to once their head is read.
 *
 * @param <T> the engine that callers use
 */
public final class ServedModels<T> {

  /** What clients send who only know an address. */
  private static final Set<String> PLACEHOLDERS = Set.of("", "tgi", "dummy");

  private final Role role;
  private final List<Served<T>> models;
  private final Set<Served<?>> possible = ConcurrentHashMap.newKeySet();

  /**
   * @param models the default first; those without a name are left out
   */
  public ServedModels(Role role, List<Served<T>> models) {
    this.role = role;
    this.models =
        new CopyOnWriteArrayList<>(
            models.stream().filter(served -> !served.model().isEmpty()).toList());
    for (Served<T> served : this.models) {
      if (!served.named().tasks().contains(role)) {
        possible.add(served);
      }
    }
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
    return models.stream().filter(served -> !possible.contains(served)).toList();
  }

  /** The same, with those that may turn out to have the role. */
  public List<Served<T>> allPossible() {
    return List.copyOf(models);
  }

  /** Whether a model may turn out to have the role, or not. */
  public boolean isOnlyPossible(Served<?> served) {
    return possible.contains(served);
  }

  /** Takes in a model that has the role, or may turn out to have it. */
  public void add(NamedModel model) {
    if (model.mayDo(role)) {
      Served<T> served = new Served<>(role, model);
      if (!model.tasks().contains(role)) {
        possible.add(served);
      }
      models.add(served);
    }
  }

  /** Forgets a model. */
  public void remove(NamedModel model) {
    models.removeIf(served -> served.named().equals(model));
    possible.removeIf(served -> served.named().equals(model));
  }

  /** Says whether a model has the role of which that was only possible. */
  public void settle(Served<?> served, boolean hasTheRole) {
    if (!hasTheRole) {
      models.remove(served);
    }
    possible.remove(served);
  }

  /** The default, else one that may become it, else one that is off. */
  public Served<T> first() {
    return Stream.of(all(), allPossible())
        .flatMap(List::stream)
        .findFirst()
        .orElseGet(() -> new Served<>(role, ""));
  }

  /**
   * The model that a request names.
   *
   * @param name null takes the default
   * @throws InvalidInput if no model of the role has that name
   */
  public Served<T> named(@Nullable String name) {
    return find(name)
        .orElseThrow(
            () ->
                new InvalidInput(
                    InvalidInput.Kind.UNKNOWN_MODEL,
                    "there is no model `%s` for %s; there is %s"
                        .formatted(Excerpt.of(String.valueOf(name)), role.label(), names())));
  }

  /**
   * The model that a request names, if one of the role has that name.
   *
   * @param name null, and what clients send who only know an address, take the default
   */
  public Optional<Served<T>> find(@Nullable String name) {
    if (name == null) {
      return Optional.of(first());
    }
    return models.stream()
        .filter(served -> served.isNamed(name))
        .findFirst()
        .or(() -> PLACEHOLDERS.contains(name) ? Optional.of(first()) : Optional.empty());
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
