package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Automata that many constraints have in common, each made once. One thread at a time. */
final class CommonAutomata {

  private final Map<String, Automaton> made = new HashMap<>();

  /**
   * One of them.
   *
   * @param name of a few that do not come from requests
   */
  Automaton get(String name, Supplier<Automaton> make) {
    Automaton known = made.get(name);
    if (known == null) {
      known = make.get();
      made.put(name, known);
    }
    return known;
  }
}
