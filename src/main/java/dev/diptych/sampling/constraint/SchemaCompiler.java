package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import dk.brics.automaton.Automaton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Turns a JSON schema into rules of a grammar. */
final class SchemaCompiler {

  /*
   * A rule is the values that some schemas hold together. What they refer to and their `allOf` are
   * added to them; each choice of their `anyOf` and `oneOf` becomes a rule of its own. What is left
   * says keyword by keyword what a value looks like. Rules are known by the places of their schemas,
   * so that a schema that contains itself becomes a rule that calls itself.
   */

  private static final int MOST_CHARACTERS = 300_000;
  private static final int MOST_CHOICES = 500;
  private static final int MOST_PROPERTIES = 500;
  private static final int MOST_VALUES = 2000;
  private static final int NOTHING_ELSE = -1;
  private static final String ANY = "";

  private record Pending(int rule, List<SchemaSite> sites) {}

  private final GrammarBuilder grammar;
  private final Automata automata;
  private final JsonShapes shapes;
  private final SchemaReferences references;
  private final SchemaChoices choices;
  private final Map<String, Integer> rules = new HashMap<>();
  private final Deque<Pending> pending = new ArrayDeque<>();

  private SchemaCompiler(JsonNode root, GrammarBuilder grammar) {
    this.grammar = grammar;
    this.automata = grammar.automata();
    this.shapes = new JsonShapes(grammar);
    this.references = new SchemaReferences(root, automata);
    this.choices = new SchemaChoices(references, automata);
  }

  /** The rule of any JSON object. */
  static int anyObject(GrammarBuilder grammar) {
    JsonShapes shapes = new JsonShapes(grammar);
    return grammar.add(shapes.object(List.of(), shapes.anyValue(), 0, null));
  }

  /** The rule of the values of a schema. */
  static int compile(JsonNode schema, GrammarBuilder grammar) {
    if (!schema.isObject() && !schema.isBoolean()) {
      throw new InvalidInput("a JSON schema must be an object or a boolean");
    }
    int characters = schema.toString().length();
    if (characters > MOST_CHARACTERS) {
      throw new InvalidInput(
          "the JSON schema has %d characters, the most are %d"
              .formatted(characters, MOST_CHARACTERS));
    }
    SchemaCompiler compiler = new SchemaCompiler(schema, grammar);
    int root = compiler.rule(List.of(new SchemaSite(schema, "")));
    while (!compiler.pending.isEmpty()) {
      Pending next = compiler.pending.remove();
      grammar.define(next.rule, compiler.value(next.sites));
    }
    return root;
  }

  private int rule(List<SchemaSite> sites) {
    List<SchemaSite> saying =
        sites.stream()
            .filter(site -> !(site.node().isBoolean() && site.node().booleanValue()))
            .toList();
    String key =
        saying.stream().map(SchemaSite::key).collect(Collectors.toCollection(TreeSet::new)).stream()
            .map(place -> place + "\n")
            .collect(Collectors.joining());
    Integer known = rules.get(key);
    if (known == null) {
      if (key.equals(ANY)) {
        known = shapes.anyValue();
      } else {
        known = grammar.declare();
        pending.add(new Pending(known, saying));
      }
      rules.put(key, known);
    }
    return known;
  }

  private Automaton value(List<SchemaSite> sites) {
    List<SchemaSite> followed = references.followed(sites);
    SchemaFacts facts = new SchemaFacts(followed);
    if (facts.isNever()) {
      return Automata.nothing();
    }
    List<List<SchemaSite>> alternatives = choices.of(followed);
    if (alternatives.size() > MOST_CHOICES) {
      throw new InvalidInput(
          "the JSON schema has %d combinations of alternatives at one place, the most are %d"
              .formatted(alternatives.size(), MOST_CHOICES));
    }
    if (alternatives.size() != 1 || choices.haveAny(followed)) {
      return automata.union(
          alternatives.stream()
              .map(alternative -> GrammarBuilder.call(rule(alternative)))
              .toList());
    }
    List<JsonNode> values = facts.values();
    return values == null ? described(facts) : listed(values, facts);
  }

  private Automaton listed(List<JsonNode> values, SchemaFacts facts) {
    if (values.size() > MOST_VALUES) {
      throw new InvalidInput(
          "an `enum` of the JSON schema has %d values, the most are %d"
              .formatted(values.size(), MOST_VALUES));
    }
    ValueCheck check = new ValueCheck(facts, automata);
    return automata.texts(
        values.stream().filter(check::admits).map(JsonText::written).distinct().toList());
  }

  private Automaton described(SchemaFacts facts) {
    if (!facts.namesTypes() && facts.types().size() == facts.namedTypes().size()) {
      return GrammarBuilder.call(rule(List.of()));
    }
    List<Automaton> types = new ArrayList<>();
    for (SchemaFacts.Type type : facts.types()) {
      types.add(
          switch (type) {
            case NULL -> Automata.text("null");
            case BOOLEAN -> automata.texts(List.of("true", "false"));
            case STRING -> string(facts);
            case NUMBER, INTEGER -> number(facts, type == SchemaFacts.Type.INTEGER);
            case ARRAY -> array(facts);
            case OBJECT -> object(facts);
          });
    }
    return automata.union(types);
  }

  private Automaton number(SchemaFacts facts, boolean whole) {
    return JsonNumbers.between(facts.leastNumber(), facts.mostNumber(), whole, automata);
  }

  private Automaton string(SchemaFacts facts) {
    int least = facts.least("minLength");
    Integer most = facts.most("maxLength");
    Automaton characters = facts.characters(automata);
    if (characters == null) {
      return shapes.string(least, most);
    }
    if (least > 0 || most != null) {
      Automaton counted = automata.repetition(automata.anyCharacter(), least, most);
      characters = automata.intersection(characters, counted);
    }
    return JsonText.string(characters, automata);
  }

  private Automaton array(SchemaFacts facts) {
    int least = facts.least("minItems");
    Integer most = facts.most("maxItems");
    int prefix = Math.min(facts.prefix(), most == null ? Integer.MAX_VALUE : most);
    List<Integer> elements = new ArrayList<>();
    for (int i = 0; i < prefix; i++) {
      elements.add(rule(facts.element(i)));
    }
    List<SchemaSite> rest = facts.element(Integer.MAX_VALUE);
    boolean closed = prefix > 0 && rest.isEmpty() && least <= prefix;
    return shapes.array(elements, closed ? NOTHING_ELSE : ruleOrNothing(rest), least, most);
  }

  private Automaton object(SchemaFacts facts) {
    Map<String, List<SchemaSite>> named = facts.properties();
    if (named.size() > MOST_PROPERTIES) {
      throw new InvalidInput(
          "an object of the JSON schema has %d properties, the most are %d"
              .formatted(named.size(), MOST_PROPERTIES));
    }
    List<JsonShapes.Property> properties = new ArrayList<>();
    named.forEach(
        (name, schemas) ->
            properties.add(
                new JsonShapes.Property(name, facts.required().contains(name), rule(schemas))));
    int least = facts.least("minProperties");
    List<SchemaSite> others = facts.otherProperties();
    boolean closed = !named.isEmpty() && others.isEmpty() && least <= named.size();
    return shapes.object(
        properties,
        closed ? NOTHING_ELSE : ruleOrNothing(others),
        least,
        facts.most("maxProperties"));
  }

  private int ruleOrNothing(List<SchemaSite> sites) {
    return new SchemaFacts(sites).isNever() ? NOTHING_ELSE : rule(sites);
  }
}
