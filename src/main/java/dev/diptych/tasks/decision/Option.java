package dev.diptych.tasks.decision;

import org.jspecify.annotations.Nullable;

/**
 * One of the answers that a question allows.
 *
 * @param name what it is called
 * @param description what it means; null or blank where the name says it all
 */
public record Option(String name, @Nullable String description) {

  /** One whose name says it all. */
  public static Option of(String name) {
    return new Option(name, null);
  }

  /** Its name, with its description behind it. */
  String text() {
    return described(name, description);
  }

  /** A name with a description behind it, if there is one. */
  static String described(String name, @Nullable String description) {
    return description == null || description.isBlank() ? name : name + ": " + description;
  }
}
