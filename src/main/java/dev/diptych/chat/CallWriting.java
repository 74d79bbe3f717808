package dev.diptych.chat;

import org.jspecify.annotations.Nullable;

/** One call while a model writes it, character by character. */
interface CallWriting {

  /** Whether the call can go on with this character. */
  boolean accept(char c);

  /** Whether nothing of it is missing. */
  boolean isComplete();

  /** The tool's name; null until it is known. */
  @Nullable String name();

  /** Whether the arguments have begun, as an object. */
  boolean hasArguments();

  /** Whether the arguments are whole. */
  boolean hasAllArguments();

  /** The arguments as far as they are written, without so many of their characters. */
  String argumentsFrom(int start);
}
