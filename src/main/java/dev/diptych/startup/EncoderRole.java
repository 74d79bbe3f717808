package dev.diptych.startup;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.startup.EncoderStartup.LoadedEncoder;
import java.io.IOException;

/**
 * How a loaded encoder comes to answer a role.
 *
 * @param models the models of that role
 */
record EncoderRole<T>(ServedModels<T> models, Start<T> start) {

  /** Makes of a model what answers requests. */
  interface Start<T> {

    /**
     * What answers with the model.
     *
     * @throws IOException if its files do not say how
     * @throws IllegalArgumentException if the model cannot do this
     */
    T of(LoadedEncoder encoder) throws IOException;
  }

  Role role() {
    return models.role();
  }

  /** Makes one of the role's models ready, if it is one of them. */
  void serve(Served<?> served, LoadedEncoder encoder) throws IOException {
    for (Served<T> one : models.all()) {
      if (one == served) {
        one.become(new Served.Ready<>(start.of(encoder)));
      }
    }
  }
}
