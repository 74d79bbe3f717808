package dev.diptych.tasks.decision;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something asked about a text, with all answers that are allowed. */
public sealed interface Question {

  /** Most options of a choice. */
  int MAX_OPTIONS = 255;

  /** Most levels of a score. */
  int MAX_LEVELS = 10;

  /** What is asked; may be empty where the options say it. */
  String instructions();

  /** How many answers there are. */
  int size();

  /**
   * Whether something is so. The answers are yes, then no.
   *
   * @param ifTrue when it is so; null or empty where the instructions say it
   * @param ifFalse when it is not so, likewise
   */
  record Predicate(String instructions, @Nullable String ifTrue, @Nullable String ifFalse)
      implements Question {

    @Override
    public int size() {
      return 2;
    }
  }

  /**
   * Which one it is.
   *
   * @param options in an order that means nothing, up to {@link #MAX_OPTIONS}
   */
  record Choice(String instructions, List<Option> options) implements Question {

    public Choice {
      options = List.copyOf(options);
    }

    @Override
    public int size() {
      return options.size();
    }
  }

  /**
   * How much it is.
   *
   * @param levels from the lowest to the highest, up to {@link #MAX_LEVELS}
   */
  record Score(String instructions, List<Option> levels) implements Question {

    public Score {
      levels = List.copyOf(levels);
    }

    @Override
    public int size() {
      return levels.size();
    }
  }
}
