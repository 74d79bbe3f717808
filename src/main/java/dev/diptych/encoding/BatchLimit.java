package dev.diptych.encoding;

import dev.diptych.InvalidInput;

/**
 * How many texts one request may bring.
 *
 * @param most at least 1
 * @param setting that says so
 */
public record BatchLimit(int most, String setting) {

  /**
   * Checks the number of a request's texts.
   *
   * @param field of the request that has them
   * @throws InvalidInput if there are none, or too many
   */
  public void check(int size, String field) {
    if (size == 0) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`%s` cannot be empty".formatted(field));
    }
    if (size > most) {
      throw new InvalidInput(
          InvalidInput.Kind.BATCH_SIZE,
          "batch size %d > maximum allowed batch size %d (%s)".formatted(size, most, setting));
    }
  }
}
