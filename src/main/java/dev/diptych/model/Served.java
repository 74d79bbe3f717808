package dev.diptych.model;

import dev.diptych.ModelUnavailable;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What answers one role, from the first byte of its download to the end of the service.
 *
 * @param <T> the engine that callers use once it is ready
 */
public final class Served<T> {

  /** When to look again at what only needs time. */
  public static final Duration WHILE_COMING = Duration.ofSeconds(5);

  /** When to look again at what failed, which is when it is tried again. */
  public static final Duration AFTER_FAILURE = Duration.ofSeconds(60);

  /** How far it is. */
  public sealed interface State<T> {}

  /**
   * On its way.
   *
   * @param what what is happening now, such as "downloading model.safetensors 41 of 90 MB"
   */
  public record Coming<T>(String what) implements State<T> {}

  /** Answers requests. */
  public record Ready<T>(T engine) implements State<T> {}

  /** Could not be had; {@code why} names every source that was tried and what each said. */
  public record Failed<T>(String why) implements State<T> {}

  /** Answered once and does not come back by itself: only a new process helps. */
  public record Lost<T>(String why) implements State<T> {}

  /**
   * Not in memory, as somebody wanted or nobody asked for it.
   *
   * @param whenAsked loads it for a request that asks for it; null if only an order does
   */
  public record Unloaded<T>(@Nullable Supplier<Arrival> whenAsked) implements State<T> {}

  /** On its way back, as a request asked for it; requests wait. */
  public record Returning<T>(String what, Arrival arrival) implements State<T> {}

  /** Switched off in the settings. */
  public record Off<T>() implements State<T> {}

  private final Role role;
  private final NamedModel model;
  private final Users users = new Users();
  private volatile State<T> state;

  public Served(Role role, NamedModel model) {
    this.role = role;
    this.model = model;
    this.state = model.source().isEmpty() ? new Off<>() : new Coming<>("waiting to start");
  }

  /**
   * What answers with a model that has no name but its source.
   *
   * @param model empty if the role is switched off
   */
  public Served(Role role, String model) {
    this(role, NamedModel.of(model, role));
  }

  public Role role() {
    return role;
  }

  /** The model, by all its names. */
  public NamedModel named() {
    return model;
  }

  /** The model as the settings name it. */
  public String model() {
    return model.name();
  }

  /** The model as people outside see it: of an absolute path only the end. */
  public String name() {
    return model.shownName();
  }

  /** Whether a request that gives this name means it; its revision may be left out. */
  public boolean isNamed(String given) {
    return model.isNamed(given);
  }

  public State<T> state() {
    return state;
  }

  public void become(State<T> next) {
    if (next instanceof Ready<T>) {
      users.touch();
    }
    state = next;
  }

  /** The requests that use it. */
  public Users users() {
    return users;
  }

  /**
   * The engine, which is there until the request of this thread is answered. Waits for a model that
   * was unloaded until somebody asks for it.
   *
   * @throws ModelUnavailable with the reason why there is none yet
   * @throws dev.diptych.DeadlineExceeded if the request has no time left
   * @throws dev.diptych.InferenceFailed if the thread is interrupted while it waits
   */
  public T engine() {
    while (true) {
      users.enter(); // before looking, so that nothing is unloaded in between
      State<T> now = state;
      if (now instanceof Ready<T>(T engine)) {
        ModelUse.keep(users);
        return engine;
      }
      users.leave();
      arrival(now).awaitFor(name());
    }
  }

  /* What is to be waited for, if there is any sense in it. */
  private Arrival arrival(State<T> now) {
    return switch (now) {
      case Returning<T>(String _, Arrival arrival) -> arrival;
      case Unloaded<T>(Supplier<Arrival> whenAsked) when whenAsked != null -> whenAsked.get();
      case Unloaded<T> _ ->
          throw new ModelUnavailable(
              "%s is unloaded; a POST to /models/load brings it back".formatted(name()),
              AFTER_FAILURE);
      case Ready<T> _ -> throw new IllegalStateException(name() + " is there");
      case Coming<T>(String what) ->
          throw new ModelUnavailable("%s is not ready: %s".formatted(name(), what), WHILE_COMING);
      case Failed<T>(String why) ->
          throw new ModelUnavailable(
              "%s is not available: %s".formatted(name(), why), AFTER_FAILURE);
      case Lost<T>(String why) ->
          throw new ModelUnavailable("%s has failed: %s".formatted(name(), why), AFTER_FAILURE);
      case Off<T>() ->
          throw new ModelUnavailable(
              "no model is configured for %s (diptych.models.%s is empty)"
                  .formatted(role.label(), role.label()),
              AFTER_FAILURE);
    };
  }
}
