package dev.diptych.startup;

import dev.diptych.model.NamedModel;
import dev.diptych.model.Served;
import dev.diptych.model.WatchedEngine;
import java.util.List;

/**
 * An engine and the roles that it answers.
 *
 * @param owner frees the model when the engine's thread has ended
 */
record ServedEngine(
    NamedModel model, List<Served<?>> roles, WatchedEngine engine, AutoCloseable owner) {

  ServedEngine {
    roles = List.copyOf(roles);
  }

  void fail(String why) {
    roles.forEach(role -> role.become(new Served.Failed<>(why)));
  }

  void lose(String why) {
    roles.forEach(role -> role.become(new Served.Lost<>(why)));
  }
}
