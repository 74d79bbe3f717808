package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import java.util.List;

/**
 * Automata that call each other, one state after the other. Every state leads to an end.
 *
 * @param states all states of all rules
 * @param start the state in which a text begins
 */
record Grammar(List<State> states, int start) {

  /** The distance of a state from which there is no end. */
  static final int UNREACHABLE = Integer.MAX_VALUE / 4;

  /**
   * A state of a rule.
   *
   * @param bytes ranges of bytes and where they lead, in order and apart
   * @param specials special tokens and where they lead
   * @param calls rules that may begin here
   * @param accepts whether the rule may end here
   * @param distance fewest bytes to an end of the rule
   */
  @SuppressWarnings("ArrayRecordComponent")
  record State(Range[] bytes, Special[] specials, Call[] calls, boolean accepts, int distance) {

    /** Whether something can be read here. */
    boolean reads() {
      return bytes.length > 0 || specials.length > 0;
    }

    /** Whether the rule can only end here. */
    boolean isEnd() {
      return accepts && !reads() && calls.length == 0;
    }

    private long heapBytes() {
      return 100L + 30L * (bytes.length + specials.length + calls.length);
    }

    /** Where a byte leads; -1 for nowhere. */
    int after(int b) {
      for (Range range : bytes) {
        if (b <= range.last) {
          return b >= range.first ? range.target : -1;
        }
      }
      return -1;
    }
  }

  /** Bytes that lead to a state. */
  record Range(int first, int last, int target) {}

  /** A token that leads to a state. */
  record Special(int token, int target) {}

  /**
   * A rule that begins.
   *
   * @param start its first state
   * @param target the state behind it
   */
  record Call(int start, int target) {}

  /** What it takes of the heap, about. */
  long bytes() {
    return states.stream().mapToLong(State::heapBytes).sum();
  }

  static InvalidInput unsatisfiable() {
    return new InvalidInput("the constraint cannot be met: no text of this model's tokens fits it");
  }
}
