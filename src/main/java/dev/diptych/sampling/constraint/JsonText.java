package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.BasicAutomata;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How JSON is written: the automata of its strings and of the space between its parts. */
final class JsonText {

  /*
   * Between two parts there is nothing, a space, or a new line with up to MOST_INDENTED spaces: what
   * models are used to, but no endless space. Texts that are known, those that a pattern describes,
   * and the names of properties are written in one way only, with escapes where JSON wants them.
   */

  private static final int MOST_INDENTED = 20;
  private static final String HEX = "[0-9A-Fa-f]";

  private JsonText() {}

  /** What may stand between two parts. */
  static Automaton space(Automata automata) {
    return RegularExpression.whole("( |\\n {0,%d})?".formatted(MOST_INDENTED), automata);
  }

  /** One character inside of a string, written in any way. */
  static Automaton character(Automata automata) {
    Automaton escaped =
        RegularExpression.whole(
            "\\\\([\"\\\\/bfnrt]|u([0-9A-CEFa-cef]HHH|[Dd][0-7]HH|[Dd][89ABab]HH\\\\u[Dd][C-Fc-f]HH))"
                .replace("H", HEX),
            automata);
    CodePoints plain =
        CodePoints.ALL.without(CodePoints.range(0, 0x1F)).without(CodePoints.of('"', '\\'));
    return automata.minimal(automata.union(List.of(plain.automaton(automata), escaped)));
  }

  /** Any string, with its quotes. */
  static Automaton anyString(Automata automata) {
    return quoted(
        automata.repetition(automata.common("JSON character", JsonText::character), 0, null),
        automata);
  }

  /** A string whose characters are these, written in one way, with its quotes. */
  static Automaton string(Automaton characters, Automata automata) {
    Automaton result = automata.minimal(characters).clone();
    for (State state : List.copyOf(result.getStates())) {
      for (Transition transition : List.copyOf(state.getTransitions())) {
        escape(state, transition);
      }
    }
    result.setDeterministic(false);
    return quoted(automata.deterministic(result), automata);
  }

  private static void escape(State from, Transition transition) {
    int first = transition.getMin();
    List<Transition> made = new ArrayList<>();
    for (int b = first; b <= transition.getMax() && b <= '\\'; b++) {
      String escape = escape((char) b);
      if (escape.length() > 1) {
        if (b > first) {
          made.add(new Transition((char) first, (char) (b - 1), transition.getDest()));
        }
        made.add(new Transition('\\', path(escape.substring(1), transition.getDest())));
        first = b + 1;
      }
    }
    if (!made.isEmpty()) {
      if (first <= transition.getMax()) {
        made.add(new Transition((char) first, transition.getMax(), transition.getDest()));
      }
      from.getTransitions().remove(transition);
      from.getTransitions().addAll(made);
    }
  }

  /* A state from which a text leads to another one. */
  private static State path(String text, State to) {
    State next = to;
    for (int i = text.length() - 1; i >= 0; i--) {
      State state = new State();
      state.addTransition(new Transition(text.charAt(i), next));
      next = state;
    }
    return next;
  }

  private static String escape(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default -> c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c);
    };
  }

  static Automaton quoted(Automaton content, Automata automata) {
    return automata.concatenation(
        BasicAutomata.makeChar('"'), content, BasicAutomata.makeChar('"'));
  }

  /** A string as it is written, with its quotes. */
  static String written(String text) {
    StringBuilder written = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      written.append(escape(text.charAt(i)));
    }
    return written.append('"').toString();
  }

  /** A value as it is written, without space. */
  static String written(JsonNode value) {
    StringBuilder written = new StringBuilder();
    write(value, written);
    return written.toString();
  }

  private static void write(JsonNode value, StringBuilder written) {
    switch (value.getNodeType()) {
      case STRING -> written.append(written(value.stringValue()));
      case ARRAY -> {
        String separator = "[";
        for (JsonNode element : value) {
          written.append(separator);
          write(element, written);
          separator = ",";
        }
        written.append(value.isEmpty() ? "[]" : "]");
      }
      case OBJECT -> {
        String separator = "{";
        for (var member : value.properties()) {
          written.append(separator).append(written(member.getKey())).append(':');
          write(member.getValue(), written);
          separator = ",";
        }
        written.append(value.isEmpty() ? "{}" : "}");
      }
      default -> written.append(value);
    }
  }
}
