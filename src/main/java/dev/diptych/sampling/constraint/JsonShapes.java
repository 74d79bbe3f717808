package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects, arrays and strings of JSON as automata, which call the rules of their parts. */
final class JsonShapes {

  /**
   * A property of an object.
   *
   * @param value the rule of its value
   */
  record Property(String name, boolean required, int value) {}

  private static final int NOTHING_ELSE = -1;

  private final GrammarBuilder grammar;
  private final Automata automata;
  private final int space;
  private final int oneSpace;
  private final int character;
  private final int anyString;
  private final Map<Set<String>, Integer> otherNames = new HashMap<>();

  JsonShapes(GrammarBuilder grammar) {
    this.grammar = grammar;
    this.automata = grammar.automata();
    this.space = grammar.add(automata.common("space", JsonText::space));
    this.oneSpace = grammar.add(automata.optional(Automata.text(" ")));
    this.character = grammar.add(automata.common("JSON character", JsonText::character));
    this.anyString = grammar.add(automata.common("JSON string", JsonText::anyString));
  }

  /** Any value: a rule that calls itself. */
  int anyValue() {
    int any = grammar.declare();
    grammar.define(
        any,
        automata.union(
            List.of(
                object(List.of(), any, 0, null),
                array(List.of(), any, 0, null),
                string(0, null),
                JsonNumbers.between(null, null, false, automata),
                automata.texts(List.of("true", "false", "null")))));
    return any;
  }

  /** A string of so many characters. */
  Automaton string(int least, @Nullable Integer most) {
    if (least == 0 && most == null) {
      return GrammarBuilder.call(anyString);
    }
    Automaton one = GrammarBuilder.call(character);
    return JsonText.quoted(automata.repetition(one, least, most), automata);
  }

  /**
   * An array.
   *
   * @param elements the rules of the first elements
   * @param rest the rule of those behind; -1 for no more
   */
  Automaton array(List<Integer> elements, int rest, int least, @Nullable Integer most) {
    int counted = Math.max(1, Math.max(elements.size(), Math.max(least, most == null ? 0 : most)));
    State[] behind = Stream.generate(State::new).limit(counted + 1).toArray(State[]::new);
    State closing = new State();
    State end = new State();
    end.setAccept(true);
    closing.addTransition(new Transition(']', end));
    for (int count = 0; count <= counted; count++) {
      State gate = new State();
      State open = new State();
      behind[count].addTransition(new Transition(count == 0 ? '[' : ',', open));
      open.addTransition(new Transition(Symbols.call(space), gate));
      if (count >= least) {
        State last = count == 0 ? gate : behind[count];
        last.addTransition(
            count == 0 ? new Transition(']', end) : new Transition(Symbols.call(space), closing));
      }
      int rule = count < elements.size() ? elements.get(count) : rest;
      if (rule != NOTHING_ELSE && (most == null || count < most)) {
        gate.addTransition(
            new Transition(Symbols.call(rule), behind[Math.min(count + 1, counted)]));
      }
    }
    return nondeterministic(behind[0]);
  }

  /**
   * An object whose properties come in this order, others behind them.
   *
   * @param others the rule of the values of other properties; -1 for no others
   */
  Automaton object(List<Property> properties, int others, int least, @Nullable Integer most) {
    return new ObjectShape(this, properties, others, least, most).automaton();
  }

  int space() {
    return space;
  }

  void spend(long amount) {
    automata.spend(amount);
  }

  int oneSpace() {
    return oneSpace;
  }

  /** The rule of a property's name that is none of these. */
  int otherName(Set<String> names) {
    return otherNames.computeIfAbsent(
        names,
        _ -> {
          if (names.isEmpty()) {
            return anyString;
          }
          Automaton others =
              automata.difference(automata.anyText(), automata.texts(new ArrayList<>(names)));
          return grammar.add(JsonText.string(others, automata));
        });
  }

  static Automaton nondeterministic(State start) {
    Automaton automaton = new Automaton();
    automaton.setInitialState(start);
    automaton.setDeterministic(false);
    return automaton;
  }
}
