package dev.diptych.http.embed;

import dev.diptych.InferenceFailed;
import dev.diptych.model.ServedModels;
import org.jspecify.annotations.Nullable;

/** The model of a task that a service may have none for. */
final class TaskModel {

  private TaskModel() {}

  /**
   * The engine of the model that a request names.
   *
   * @param model null takes the default
   * @param needed what kind of model it takes, as text-embeddings-inference calls it
   * @throws InferenceFailed if no model is configured for the task, as there where the model is of
   *     another kind
   */
  static <T> T of(ServedModels<T> served, @Nullable String model, String needed) {
    if (served.allPossible().isEmpty()) {
      throw new InferenceFailed(
          "Model is not %s; diptych.models.%s names one".formatted(needed, served.role().label()));
    }
    return served.engine(model);
  }
}
