package dev.diptych.http.models;

import dev.diptych.model.Arrival;

/** A model that was to be loaded did not come. */
final class NotLoaded extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean withoutMemory;

  NotLoaded(String model, Arrival.Failure failure) {
    super("%s: %s".formatted(model, failure.why()), null, false, false); // it is known why
    this.withoutMemory = failure instanceof Arrival.WithoutMemory;
  }

  /** Whether it would come if others left. */
  boolean isWithoutMemory() {
    return withoutMemory;
  }
}
