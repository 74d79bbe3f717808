package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.util.BitSet;
import java.util.function.IntPredicate;

/** A set of Unicode characters, surrogates not among them. */
final class CodePoints {

  /*
   * UTF-8: a range of characters is cut where the number of bytes changes, and then until all but
   * the first of its differing bytes run over all they can.
   */

  static final CodePoints ALL = new CodePoints(new BitSet()).complement();

  private static final int END = 0x110000;
  private static final int FIRST_SURROGATE = 0xD800;
  private static final int AFTER_SURROGATES = 0xE000;
  private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

  private final BitSet members;

  private CodePoints(BitSet members) {
    this.members = members;
  }

  static CodePoints none() {
    return new CodePoints(new BitSet());
  }

  static CodePoints range(int first, int last) {
    BitSet members = new BitSet();
    members.set(first, last + 1);
    return new CodePoints(withoutSurrogates(members));
  }

  static CodePoints of(int... characters) {
    BitSet members = new BitSet();
    for (int character : characters) {
      members.set(character);
    }
    return new CodePoints(withoutSurrogates(members));
  }

  static CodePoints where(IntPredicate predicate) {
    BitSet members = new BitSet();
    for (int c = 0; c < END; c++) {
      if (predicate.test(c)) {
        members.set(c);
      }
    }
    return new CodePoints(withoutSurrogates(members));
  }

  CodePoints or(CodePoints other) {
    BitSet union = (BitSet) members.clone();
    union.or(other.members);
    return new CodePoints(union);
  }

  CodePoints without(CodePoints other) {
    BitSet rest = (BitSet) members.clone();
    rest.andNot(other.members);
    return new CodePoints(rest);
  }

  CodePoints complement() {
    BitSet others = (BitSet) members.clone();
    others.flip(0, END);
    return new CodePoints(withoutSurrogates(others));
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  private static BitSet withoutSurrogates(BitSet members) {
    members.clear(FIRST_SURROGATE, AFTER_SURROGATES);
    return members;
  }

  /** Reads one of the characters. */
  Automaton automaton(Automata automata) {
    State initial = new State();
    State end = new State();
    end.setAccept(true);
    int first = members.nextSetBit(0);
    while (first >= 0) {
      int last = members.nextClearBit(first) - 1;
      addByLength(initial, end, first, last);
      first = members.nextSetBit(last + 1);
    }
    Automaton automaton = new Automaton();
    automaton.setInitialState(initial);
    automaton.setDeterministic(false);
    return automata.minimal(automaton);
  }

  private static void addByLength(State initial, State end, int first, int last) {
    int from = first;
    for (int continuations = 0; continuations < LAST_OF_LENGTH.length; continuations++) {
      int to = Math.min(last, LAST_OF_LENGTH[continuations]);
      if (from <= to) {
        add(initial, end, from, to, continuations);
        from = to + 1;
      }
    }
  }

  private static void add(State initial, State end, int first, int last, int continuations) {
    for (int i = 1; i <= continuations; i++) {
      int mask = (1 << (6 * i)) - 1;
      if ((first & ~mask) != (last & ~mask)) {
        if ((first & mask) != 0) {
          add(initial, end, first, first | mask, continuations);
          add(initial, end, (first | mask) + 1, last, continuations);
          return;
        }
        if ((last & mask) != mask) {
          add(initial, end, first, (last & ~mask) - 1, continuations);
          add(initial, end, last & ~mask, last, continuations);
          return;
        }
      }
    }
    State state = initial;
    for (int i = 0; i <= continuations; i++) {
      State next = i == continuations ? end : new State();
      state.addTransition(
          new Transition(byteOf(first, i, continuations), byteOf(last, i, continuations), next));
      state = next;
    }
  }

  private static char byteOf(int character, int index, int continuations) {
    int bits = character >> (6 * (continuations - index));
    if (index > 0) {
      return (char) (0x80 | (bits & 0x3F));
    }
    return switch (continuations) {
      case 0 -> (char) bits;
      case 1 -> (char) (0xC0 | bits);
      case 2 -> (char) (0xE0 | bits);
      default -> (char) (0xF0 | bits);
    };
  }
}
