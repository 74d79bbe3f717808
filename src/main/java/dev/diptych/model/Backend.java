package dev.diptych.model;

import org.jspecify.annotations.Nullable;

/**
 * What computes a model.
 *
 * @param name {@code pytorch} or {@code machine-code}
 * @param reason why it is not the faster one; null if it is, or if nobody asked for that
 */
public record Backend(String name, @Nullable String reason) {

  /** The machine code of this project. */
  public static final Backend MACHINE_CODE = new Backend("machine-code", null);

  /** libtorch, and why not machine code. */
  public static Backend pytorch(@Nullable String reason) {
    return new Backend("pytorch", reason);
  }

  @Override
  public String toString() {
    return reason == null ? name : "%s (machine code: %s)".formatted(name, reason);
  }
}
