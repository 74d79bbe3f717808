package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import dk.brics.automaton.Automaton;
import dk.brics.automaton.BasicAutomata;
import dk.brics.automaton.BasicOperations;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Operations on automata that read bytes of UTF-8, and {@link Symbols} beside them. Each result is
 * bounded in states, and all of one constraint in effort.
 */
final class Automata {

  /** Most states of an automaton. */
  static final int MOST_STATES = 20_000;

  private static final long MOST_MINIMIZED = 400_000; // cells of the library's tables

  private final Effort effort;
  private final CommonAutomata common;
  private final Set<Automaton> minimal = Collections.newSetFromMap(new IdentityHashMap<>());

  Automata(Effort effort, CommonAutomata common) {
    this.effort = effort;
    this.common = common;
  }

  /** One that many constraints need, made with no more than this says. */
  Automaton common(String name, Function<Automata, Automaton> make) {
    Automaton automaton = common.get(name, () -> minimal(make.apply(this)));
    minimal.add(automaton);
    return automaton;
  }

  /** Any character. */
  Automaton anyCharacter() {
    return common("character", CodePoints.ALL::automaton);
  }

  /** Any text. */
  Automaton anyText() {
    return common("text", automata -> automata.repetition(automata.anyCharacter(), 0, null));
  }

  static Automaton nothing() {
    return Automaton.makeEmpty();
  }

  static Automaton emptyText() {
    return Automaton.makeEmptyString();
  }

  static Automaton symbol(char symbol) {
    return Automaton.makeChar(symbol);
  }

  /** Just this text. */
  static Automaton text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder symbols = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      symbols.append((char) (b & 0xFF));
    }
    return Automaton.makeString(symbols.toString());
  }

  /** One of some texts. */
  Automaton texts(List<String> texts) {
    String[] sorted =
        texts.stream()
            .map(text -> text(text).getSingleton())
            .filter(text -> !text.isEmpty()) // which makeStringUnion does not take
            .sorted()
            .distinct()
            .toArray(String[]::new);
    for (String text : sorted) {
      spend(1L + text.length());
    }
    Automaton union = BasicAutomata.makeStringUnion(sorted);
    return checked(
        texts.contains("") ? BasicOperations.union(union, BasicAutomata.makeEmptyString()) : union);
  }

  Automaton union(List<Automaton> parts) {
    bound(parts);
    return checked(BasicOperations.union(parts));
  }

  Automaton concatenation(List<Automaton> parts) {
    bound(parts);
    return checked(BasicOperations.concatenate(parts));
  }

  Automaton concatenation(Automaton... parts) {
    return concatenation(List.of(parts));
  }

  private void bound(List<Automaton> parts) {
    long states = 0;
    for (Automaton part : parts) {
      states += part.getNumberOfStates();
      if (states > MOST_STATES) {
        throw tooLarge();
      }
    }
    spend(states);
  }

  /** Counts work against what may be spent. */
  void spend(long amount) {
    effort.spend(amount);
  }

  Automaton optional(Automaton part) {
    return checked(BasicOperations.optional(part));
  }

  /** A part so many times; any number of times if {@code most} is null. */
  Automaton repetition(Automaton part, int least, @Nullable Integer most) {
    long states = part.getNumberOfStates() * Math.max(least, most == null ? 1L : most);
    if (states > MOST_STATES) {
      throw tooLarge();
    }
    return checked(
        most == null
            ? BasicOperations.repeat(part, least)
            : BasicOperations.repeat(part, least, most));
  }

  Automaton intersection(Automaton a, Automaton b) {
    return checked(Product.intersection(minimal(a), minimal(b), effort));
  }

  /** What the first has and the second has not. */
  Automaton difference(Automaton a, Automaton b) {
    return checked(Product.difference(minimal(a), minimal(b), effort));
  }

  boolean isEmpty(Automaton automaton) {
    return minimal(automaton).isEmpty();
  }

  /** The same language without dead ends and choices, and with few states. Not to be changed. */
  Automaton minimal(Automaton automaton) {
    if (minimal.contains(automaton)) {
      return automaton;
    }
    Automaton result = deterministic(automaton);
    long points = startPoints(result.getStates());
    if (result.getNumberOfStates() * points <= MOST_MINIMIZED) {
      effort.spend(result.getNumberOfStates() * points / 4);
      result.minimize();
      result.expandSingleton();
    }
    minimal.add(checked(result));
    return result;
  }

  /** The same language without dead ends and choices. */
  Automaton deterministic(Automaton automaton) {
    if (minimal.contains(automaton)) {
      return automaton.clone();
    }
    Automaton result =
        automaton.isDeterministic() ? automaton.clone() : Subsets.deterministic(automaton, effort);
    result.expandSingleton();
    result.removeDeadTransitions();
    return checked(result);
  }

  private static long startPoints(Iterable<State> states) {
    BitSet points = new BitSet();
    for (State state : states) {
      for (Transition transition : state.getTransitions()) {
        points.set(transition.getMin());
        points.set(transition.getMax() + 1);
      }
    }
    return points.cardinality() + 1L;
  }

  private Automaton checked(Automaton automaton) {
    int states = automaton.getNumberOfStates();
    effort.spend(states);
    if (states > MOST_STATES) {
      throw tooLarge();
    }
    return automaton;
  }

  static InvalidInput tooLarge() {
    return new InvalidInput(
        "the constraint is too complex: an automaton of it has more than %d states"
            .formatted(MOST_STATES));
  }
}
