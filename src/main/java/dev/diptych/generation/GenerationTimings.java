package dev.diptych.generation;

import java.time.Duration;

/**
 * Where the time of a generation went.
 *
 * @param validation checks and tokenization
 * @param queue wait for a place in the batch
 * @param inference from there to the last token
 */
public record GenerationTimings(Duration validation, Duration queue, Duration inference) {

  public Duration total() {
    return validation.plus(queue).plus(inference);
  }
}
