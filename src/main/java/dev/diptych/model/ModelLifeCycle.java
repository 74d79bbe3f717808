package dev.diptych.model;

import dev.diptych.InvalidInput;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Loads models and unloads them while the service runs. */
public interface ModelLifeCycle {

  /**
   * A model that somebody wants to be loaded.
   *
   * @param model a name of one that is known, or a source
   * @param name what requests are to call it; null for its source
   * @param tasks what it is to do; empty for whatever its head can do
   * @param precision null for that of the settings
   * @param backend null for that of the settings
   */
  record Wanted(
      String model,
      @Nullable String name,
      Set<Role> tasks,
      @Nullable String precision,
      @Nullable String backend) {

    public Wanted {
      tasks = Set.copyOf(tasks);
    }
  }

  /**
   * A model on its way.
   *
   * @param name of the model
   */
  record Arriving(String name, Arrival arrival) {}

  /** What stands against an operation as long as the models are as they are. */
  final class Conflict extends RuntimeException {

    private static final long serialVersionUID = 1;

    public Conflict(String message) {
      super(message, null, false, false); // it is known what happened
    }
  }

  /**
   * Begins to load a model, unless it is there or coming.
   *
   * @throws InvalidInput if there cannot be such a model
   * @throws Conflict if one of that name is something else, or there are too many
   */
  Arriving load(Wanted wanted);

  /**
   * Unloads a model: new requests are refused at once, those that run have some time to end.
   * Returns when its memory is free.
   *
   * @param model a name, or the source
   * @return its name
   * @throws InvalidInput if there is no such model
   * @throws Conflict if it cannot be unloaded
   */
  String unload(String model) throws InterruptedException;

  /** Bytes that are set aside for the weights of a model, by its name; empty if it has none. */
  OptionalLong memory(String name);
}
