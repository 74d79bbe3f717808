package dev.diptych.tasks;

/** One thing to classify. */
public sealed interface ClassifierInput {

  /** A text. */
  record Text(String value) implements ClassifierInput {}

  /** Two texts that are seen together, such as a premise and a hypothesis. */
  record Pair(String first, String second) implements ClassifierInput {}

  /** Code points. */
  default int characters() {
    return switch (this) {
      case Text(String value) -> value.codePointCount(0, value.length());
      case Pair(String first, String second) ->
          first.codePointCount(0, first.length()) + second.codePointCount(0, second.length());
    };
  }
}
