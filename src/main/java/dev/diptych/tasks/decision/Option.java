package dev.diptych.tasks.decision;

import org.jspecify.annotations.Nullable;

/**
 * One of the answers that a question allows.
 *
 * @param name what it is called
 * @param description what it means; null where the name says it all
 */
public record Option(String name, @Nullable String description) {

  /** One whose name says it all. */
  public static Option of(String name) {
    return new Option(name, null);
  }

  /** Its description, else its name. */
  public String meaning() {
    return description == null || description.isBlank() ? name : description;
  }
}
