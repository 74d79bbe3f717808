package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the rules of a grammar and lays out their states. */
final class GrammarBuilder {

  private static final int MOST_RULES = 8_000;
  private static final int MOST_STATES = 50_000;

  private final Automata automata;
  private final List<@Nullable Automaton> rules = new ArrayList<>();
  private final List<Integer> specials = new ArrayList<>();

  GrammarBuilder(Automata automata) {
    this.automata = automata;
  }

  Automata automata() {
    return automata;
  }

  /** A rule that is defined later. */
  int declare() {
    if (rules.size() == MOST_RULES) {
      throw new InvalidInput(
          "the constraint is too complex: it has more than %d parts".formatted(MOST_RULES));
    }
    rules.add(null);
    return rules.size() - 1;
  }

  void define(int rule, Automaton automaton) {
    rules.set(rule, automata.deterministic(automaton));
  }

  int add(Automaton automaton) {
    int rule = declare();
    define(rule, automaton);
    return rule;
  }

  /** Reads the text of a rule. */
  static Automaton call(int rule) {
    return Automata.symbol(Symbols.call(rule));
  }

  /** Reads a special token. */
  Automaton special(int token) {
    if (!specials.contains(token)) {
      specials.add(token);
    }
    return Automata.symbol(Symbols.special(specials.indexOf(token)));
  }

  /**
   * The grammar without what leads nowhere.
   *
   * @param spelled the bytes that tokens can spell one by one; texts with others are left out
   */
  Grammar build(int root, BitSet spelled) {
    List<State> states = new ArrayList<>();
    Map<State, Integer> numbers = new HashMap<>();
    int[] starts = new int[rules.size()];
    for (int rule = 0; rule < starts.length; rule++) {
      Automaton automaton = Objects.requireNonNull(rules.get(rule));
      automaton.expandSingleton();
      for (State state : automaton.getStates()) {
        numbers.put(state, states.size());
        states.add(state);
      }
      starts[rule] = Objects.requireNonNull(numbers.get(automaton.getInitialState()));
      if (states.size() > MOST_STATES) {
        throw new InvalidInput(
            "the constraint is too complex: its automata have more than %d states"
                .formatted(MOST_STATES));
      }
    }
    List<Grammar.State> laidOut = new ArrayList<>();
    for (State state : states) {
      laidOut.add(layOut(state, numbers, starts, spelled));
    }
    return GrammarTrimming.trim(laidOut, starts, starts[root]);
  }

  private Grammar.State layOut(
      State state, Map<State, Integer> numbers, int[] starts, BitSet spelled) {
    List<Grammar.Range> bytes = new ArrayList<>();
    List<Grammar.Special> tokens = new ArrayList<>();
    List<Grammar.Call> calls = new ArrayList<>();
    for (Transition transition : state.getTransitions()) {
      int target = Objects.requireNonNull(numbers.get(transition.getDest()));
      for (int symbol = transition.getMin(); symbol <= transition.getMax(); symbol++) {
        if (Symbols.isByte(symbol)) {
          int last = Math.min(transition.getMax(), Symbols.FIRST_CALL - 1);
          addSpelled(bytes, symbol, last, target, spelled);
          symbol = last;
        } else if (Symbols.isCall(symbol)) {
          calls.add(new Grammar.Call(starts[Symbols.rule(symbol)], target));
        } else {
          tokens.add(new Grammar.Special(specials.get(symbol - Symbols.FIRST_SPECIAL), target));
        }
      }
    }
    bytes.sort(Comparator.comparingInt(Grammar.Range::first));
    return new Grammar.State(
        bytes.toArray(Grammar.Range[]::new),
        tokens.toArray(Grammar.Special[]::new),
        calls.toArray(Grammar.Call[]::new),
        state.isAccept(),
        Grammar.UNREACHABLE);
  }

  private static void addSpelled(
      List<Grammar.Range> bytes, int first, int last, int target, BitSet spelled) {
    int from = spelled.nextSetBit(first);
    while (from >= 0 && from <= last) {
      int to = Math.min(last, spelled.nextClearBit(from) - 1);
      bytes.add(new Grammar.Range(from, to, target));
      from = spelled.nextSetBit(to + 1);
    }
  }
}
