package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The shape that a text must have. Special tokens are no part of it, except in a literal. */
public sealed interface Constraint {

  /**
   * A text that a regular expression matches from its beginning to its end.
   *
   * @param pattern in the syntax that JavaScript and Python share; what no automaton can do
   *     (backreferences, assertions) is refused
   */
  record Regex(String pattern) implements Constraint {}

  /** One of some texts. */
  record Choice(List<String> options) implements Constraint {
    public Choice {
      options = List.copyOf(options);
      if (options.isEmpty() || options.stream().anyMatch(String::isEmpty)) {
        throw new InvalidInput("a choice needs options, none of them empty");
      }
    }
  }

  /** A JSON value that a JSON schema (draft 2020-12) describes. */
  record JsonSchema(JsonNode schema) implements Constraint {}

  /** Any JSON object. */
  record JsonObject() implements Constraint {}

  /**
   * Just this text. Where it has the name of a special token of the vocabulary, that token stands
   * there: it must not come from a request.
   */
  record Literal(String text) implements Constraint {}

  /** Any text in which none of these occurs; any text at all without them. */
  record FreeText(List<String> without) implements Constraint {
    public FreeText {
      without = List.copyOf(without);
    }
  }

  /** One part after the other. */
  record Sequence(List<Constraint> parts) implements Constraint {
    public Sequence {
      parts = List.copyOf(parts);
    }

    /** One part after the other. */
    public static Sequence of(Constraint... parts) {
      return new Sequence(List.of(parts));
    }
  }

  /** One of several shapes. */
  record AnyOf(List<Constraint> alternatives) implements Constraint {
    public AnyOf {
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * A part several times.
   *
   * @param most null for any number
   */
  record Repeated(Constraint part, int least, @Nullable Integer most) implements Constraint {}
}
