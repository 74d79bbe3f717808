package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two deterministic automata read together; the library's own construction has no bound. */
final class Product {

  private record Pair(State one, @Nullable State other) {}

  private record Open(Pair pair, State state) {}

  private final boolean difference;
  private final Effort effort;
  private final Map<Pair, State> made = new HashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();

  private Product(boolean difference, Effort effort) {
    this.difference = difference;
    this.effort = effort;
  }

  /** What both have. */
  static Automaton intersection(Automaton a, Automaton b, Effort effort) {
    return new Product(false, effort).of(a, b);
  }

  /** What the first has and the second has not. */
  static Automaton difference(Automaton a, Automaton b, Effort effort) {
    return new Product(true, effort).of(a, b);
  }

  private Automaton of(Automaton a, Automaton b) {
    Automaton result = new Automaton();
    result.setInitialState(state(new Pair(a.getInitialState(), b.getInitialState())));
    while (!open.isEmpty()) {
      follow(open.remove());
    }
    result.setDeterministic(true);
    return result;
  }

  private State state(Pair pair) {
    State known = made.get(pair);
    if (known != null) {
      return known;
    }
    if (made.size() == 2 * Automata.MOST_STATES) { // some lead nowhere
      throw Automata.tooLarge();
    }
    State state = new State();
    boolean inOther = pair.other != null && pair.other.isAccept();
    state.setAccept(pair.one.isAccept() && inOther != difference);
    made.put(pair, state);
    open.add(new Open(pair, state));
    return state;
  }

  private void follow(Open from) {
    List<Transition> others =
        from.pair.other == null ? List.of() : from.pair.other.getSortedTransitions(false);
    for (Transition transition : from.pair.one.getSortedTransitions(false)) {
      effort.spend(1L + others.size() / 4);
      int symbol = transition.getMin();
      for (Transition other : others) {
        int first = Math.max(symbol, other.getMin());
        int last = Math.min(transition.getMax(), other.getMax());
        if (first > last) {
          continue;
        }
        if (difference && symbol < first) {
          add(from.state, symbol, first - 1, new Pair(transition.getDest(), null));
        }
        add(from.state, first, last, new Pair(transition.getDest(), other.getDest()));
        symbol = last + 1;
      }
      if (difference && symbol <= transition.getMax()) {
        add(from.state, symbol, transition.getMax(), new Pair(transition.getDest(), null));
      }
    }
  }

  private void add(State from, int first, int last, Pair to) {
    from.addTransition(new Transition((char) first, (char) last, state(to)));
  }
}
