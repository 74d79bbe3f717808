package dev.diptych.metrics;

import dev.diptych.DiptychException;

/** Requests that a model did not take. */
final class Refusals {

  private Refusals() {}

  static void count(Meters meters, String model, String endpoint, DiptychException reason) {
    meters
        .counter(
            "diptych.refused",
            "Requests that a model refused",
            "model",
            model,
            "endpoint",
            endpoint,
            "outcome",
            Outcome.of(reason).label())
        .increment();
  }
}
