package dev.diptych.generation;

/**
 * How many answers there are to one prompt.
 *
 * @param returned answers that the caller wants
 * @param drawn answers to draw, at least as many; of more, the most probable ones are returned
 */
public record Choices(int returned, int drawn) {

  /** A single answer. */
  public static final Choices ONE = new Choices(1, 1);

  /** Whether all that are drawn are returned, so that they can be told as they grow. */
  public boolean areAllReturned() {
    return returned == drawn;
  }
}
