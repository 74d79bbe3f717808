package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** The construction that makes an automaton deterministic; the library's own has no bound. */
final class Subsets {

  private record Open(BitSet members, State state) {}

  private final Effort effort;
  private final List<State> states;
  private final Map<State, Integer> numbers = new HashMap<>();
  private final Map<BitSet, State> made = new HashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();

  private Subsets(Automaton automaton, Effort effort) {
    this.effort = effort;
    this.states = new ArrayList<>(automaton.getStates());
    for (State state : states) {
      numbers.put(state, numbers.size());
    }
  }

  static Automaton deterministic(Automaton automaton, Effort effort) {
    Subsets subsets = new Subsets(automaton, effort);
    BitSet first = new BitSet();
    first.set(subsets.number(automaton.getInitialState()));
    Automaton result = new Automaton();
    result.setInitialState(subsets.state(first));
    while (!subsets.open.isEmpty()) {
      subsets.follow(subsets.open.remove());
    }
    result.setDeterministic(true);
    return result;
  }

  private int number(State state) {
    return Objects.requireNonNull(numbers.get(state));
  }

  private State state(BitSet members) {
    State known = made.get(members);
    if (known != null) {
      return known;
    }
    if (made.size() == Automata.MOST_STATES) {
      throw Automata.tooLarge();
    }
    State state = new State();
    made.put(members, state);
    open.add(new Open(members, state));
    return state;
  }

  private void follow(Open subset) {
    List<Transition> transitions = new ArrayList<>();
    TreeSet<Integer> points = new TreeSet<>();
    subset.members.stream()
        .mapToObj(states::get)
        .forEach(
            state -> {
              if (state.isAccept()) {
                subset.state.setAccept(true);
              }
              transitions.addAll(state.getTransitions());
            });
    for (Transition transition : transitions) {
      points.add((int) transition.getMin());
      points.add(transition.getMax() + 1);
    }
    effort.spend(1L + transitions.size() + (long) transitions.size() * points.size() / 8);
    int from = -1;
    for (int point : points) {
      BitSet targets = from < 0 ? new BitSet() : targets(transitions, from);
      if (!targets.isEmpty()) {
        subset.state.addTransition(new Transition((char) from, (char) (point - 1), state(targets)));
      }
      from = point;
    }
  }

  private BitSet targets(List<Transition> transitions, int symbol) {
    BitSet targets = new BitSet();
    for (Transition transition : transitions) {
      if (transition.getMin() <= symbol && symbol <= transition.getMax()) {
        targets.set(number(transition.getDest()));
      }
    }
    return targets;
  }
}
