package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;

/** What may still be spent on compiling one constraint, in states and transitions made. */
final class Effort {

  private static final long MOST = 6_000_000;

  private long spent;

  void spend(long amount) {
    spent += amount;
    if (spent > MOST) {
      throw new InvalidInput(
          "the constraint is too complex: its automaton takes more than %d steps to make"
              .formatted(MOST));
    }
  }
}
