package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import dk.brics.automaton.Automaton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** Turns one constraint into a grammar. */
final class ConstraintCompiler {

  private static final int MOST_OPTIONS = 2000;
  private static final int MOST_CHARACTERS = 200_000;
  private static final int DEEPEST = 50;

  private final Automata automata;
  private final GrammarBuilder grammar;
  private final Map<String, Integer> specials;
  private int depth;

  private ConstraintCompiler(Map<String, Integer> specials, CommonAutomata common) {
    this.specials = specials;
    this.automata = new Automata(new Effort(), common);
    this.grammar = new GrammarBuilder(automata);
  }

  static CompiledConstraint compile(
      Constraint constraint,
      MaskedVocabulary vocabulary,
      MaskMemory memory,
      CommonAutomata common) {
    ConstraintCompiler compiler = new ConstraintCompiler(vocabulary.tokens().special(), common);
    int root = compiler.grammar.add(compiler.automaton(constraint));
    CompiledConstraint compiled =
        new CompiledConstraint(
            compiler.grammar.build(root, vocabulary.spelled()), vocabulary, memory);
    if (compiled.isEmptyText()) {
      throw new InvalidInput("the constraint is met by the empty text alone");
    }
    return compiled;
  }

  private Automaton automaton(Constraint constraint) {
    if (++depth > DEEPEST) {
      throw new InvalidInput("the constraint has more than %d levels".formatted(DEEPEST));
    }
    Automaton automaton =
        switch (constraint) {
          case Constraint.Regex(String pattern) -> RegularExpression.whole(pattern, automata);
          case Constraint.Choice(List<String> options) -> choice(options);
          case Constraint.JsonSchema(JsonNode schema) ->
              GrammarBuilder.call(SchemaCompiler.compile(schema, grammar));
          case Constraint.JsonObject() -> GrammarBuilder.call(SchemaCompiler.anyObject(grammar));
          case Constraint.Literal(String text) -> literal(text);
          case Constraint.FreeText(List<String> without) -> freeText(without);
          case Constraint.Sequence(List<Constraint> parts) ->
              automata.concatenation(parts.stream().map(this::called).toList());
          case Constraint.AnyOf(List<Constraint> alternatives) ->
              automata.union(alternatives.stream().map(this::called).toList());
          case Constraint.Repeated(Constraint part, int least, Integer most) ->
              automata.repetition(called(part), least, most);
        };
    depth--;
    return automaton;
  }

  private Automaton called(Constraint part) {
    return part instanceof Constraint.Literal
        ? automaton(part)
        : GrammarBuilder.call(grammar.add(automaton(part)));
  }

  private Automaton choice(List<String> options) {
    if (options.size() > MOST_OPTIONS) {
      throw new InvalidInput(
          "a choice has %d options, the most are %d".formatted(options.size(), MOST_OPTIONS));
    }
    int characters = options.stream().mapToInt(String::length).sum();
    if (characters > MOST_CHARACTERS) {
      throw new InvalidInput(
          "the options of a choice have %d characters, the most are %d"
              .formatted(characters, MOST_CHARACTERS));
    }
    return automata.texts(options);
  }

  /* Where the name of a special token begins, the longest of them is taken. */
  private Automaton literal(String text) {
    List<Automaton> parts = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      String name = specialAt(text, at);
      if (name.isEmpty()) {
        plain.append(text.charAt(at++));
        continue;
      }
      parts.add(Automata.text(plain.toString()));
      plain.setLength(0);
      parts.add(grammar.special(Objects.requireNonNull(specials.get(name))));
      at += name.length();
    }
    parts.add(Automata.text(plain.toString()));
    return automata.concatenation(parts);
  }

  private String specialAt(String text, int at) {
    String longest = "";
    for (String name : specials.keySet()) {
      if (name.length() > longest.length() && text.startsWith(name, at)) {
        longest = name;
      }
    }
    return longest;
  }

  private Automaton freeText(List<String> without) {
    Automaton anything = automata.anyText();
    if (without.isEmpty()) {
      return anything;
    }
    List<Automaton> parts = new ArrayList<>();
    for (String text : without) {
      parts.add(automata.concatenation(anything, Automata.text(text), anything));
    }
    return automata.difference(anything, automata.union(parts));
  }
}
