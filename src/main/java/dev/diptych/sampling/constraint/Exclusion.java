package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether no value that is written for one schema holds another, as far as that is easily seen. */
final class Exclusion {

  /** What is known. */
  sealed interface Known {}

  /** No value holds both. */
  record Always() implements Known {}

  /** No object with this property holds both. */
  record ByProperty(String name) implements Known {}

  /** Perhaps a value holds both. */
  record Unknown() implements Known {}

  private static final Set<String> FORMAT = Set.of("format"); // validators may let others through
  private static final int DEEPEST = 6;
  private static final int COST = 24; // of a comparison, beside what it looks at
  private static final int MOST_ELEMENTS = 4;
  private static final Known ALWAYS = new Always();
  private static final Known UNKNOWN = new Unknown();

  private final SchemaReferences references;
  private final SchemaChoices choices;
  private final Automata automata;

  Exclusion(SchemaReferences references, SchemaChoices choices, Automata automata) {
    this.references = references;
    this.choices = choices;
    this.automata = automata;
  }

  Known between(List<SchemaSite> a, List<SchemaSite> b) {
    return between(a, b, 0);
  }

  private Known between(List<SchemaSite> a, List<SchemaSite> b, int depth) {
    if (depth > DEEPEST) {
      return UNKNOWN;
    }
    automata.spend(COST);
    List<SchemaSite> one = references.followed(a);
    List<SchemaSite> other = references.followed(b);
    if (choices.haveAny(one) || choices.haveAny(other)) {
      for (List<SchemaSite> way : choices.unchecked(one)) {
        for (List<SchemaSite> otherWay : choices.unchecked(other)) {
          if (!(between(way, otherWay, depth + 1) instanceof Always)) {
            return UNKNOWN;
          }
        }
      }
      return ALWAYS;
    }
    return between(new SchemaFacts(one), new SchemaFacts(other), depth);
  }

  private Known between(SchemaFacts a, SchemaFacts b, int depth) {
    if (a.isNever() || b.isNever()) {
      return ALWAYS;
    }
    if (noneAdmitted(a.values(), b) || noneAdmitted(b.values(), a)) {
      return ALWAYS;
    }
    Set<SchemaFacts.Type> types = common(a.types(), b.namedTypes());
    types.addAll(common(b.types(), a.namedTypes()));
    Known known = ALWAYS;
    for (SchemaFacts.Type type : types) {
      boolean excluded =
          switch (type) {
            case NULL, BOOLEAN -> false;
            case STRING -> stringsExclude(a, b);
            case NUMBER, INTEGER -> numbersExclude(a, b) || numbersExclude(b, a);
            case ARRAY -> arraysExclude(a, b, depth);
            case OBJECT -> {
              Known objects = objects(a, b, depth);
              known = objects instanceof Always ? known : objects;
              yield !(objects instanceof Unknown);
            }
          };
      if (!excluded) {
        return UNKNOWN;
      }
    }
    return known;
  }

  private static Set<SchemaFacts.Type> common(Set<SchemaFacts.Type> a, Set<SchemaFacts.Type> b) {
    Set<SchemaFacts.Type> common = new TreeSet<>(a);
    common.retainAll(b);
    boolean wholeInOne =
        a.contains(SchemaFacts.Type.INTEGER) && b.contains(SchemaFacts.Type.NUMBER);
    if (wholeInOne
        || (a.contains(SchemaFacts.Type.NUMBER) && b.contains(SchemaFacts.Type.INTEGER))) {
      common.add(SchemaFacts.Type.INTEGER);
    }
    return common;
  }

  private boolean noneAdmitted(@Nullable List<JsonNode> values, SchemaFacts facts) {
    if (values == null) {
      return false;
    }
    List<JsonNode> others = facts.values();
    ValueCheck check = new ValueCheck(facts, automata);
    for (JsonNode value : values) {
      boolean listed =
          others == null || others.stream().anyMatch(other -> SchemaFacts.same(value, other));
      boolean unsure = value.isContainer() || (value.isString() && facts.hasAny(FORMAT));
      if (listed && (unsure || check.admits(value))) {
        return false;
      }
    }
    return true;
  }

  private boolean stringsExclude(SchemaFacts a, SchemaFacts b) {
    if (areAbove(a.least("minLength"), b.most("maxLength"))
        || areAbove(b.least("minLength"), a.most("maxLength"))) {
      return true;
    }
    Automaton one = a.characters(automata);
    Automaton other = b.characters(automata);
    return one != null
        && other != null
        && !a.hasAny(FORMAT)
        && !b.hasAny(FORMAT)
        && automata.isEmpty(automata.intersection(one, other));
  }

  private static boolean areAbove(int least, @Nullable Integer most) {
    return most != null && least > most;
  }

  private static boolean numbersExclude(SchemaFacts smaller, SchemaFacts larger) {
    JsonNumbers.Bound most = smaller.mostNumber();
    JsonNumbers.Bound least = larger.leastNumber();
    if (most == null || least == null) {
      return false;
    }
    int comparison = most.value().compareTo(least.value());
    return comparison < 0 || (comparison == 0 && (most.exclusive() || least.exclusive()));
  }

  private boolean arraysExclude(SchemaFacts a, SchemaFacts b, int depth) {
    int least = Math.max(a.least("minItems"), b.least("minItems"));
    if (areAbove(least, a.most("maxItems")) || areAbove(least, b.most("maxItems"))) {
      return true;
    }
    for (int i = 0; i < Math.min(least, MOST_ELEMENTS); i++) {
      if (between(a.element(i), b.element(i), depth + 1) instanceof Always) {
        return true;
      }
    }
    return false;
  }

  private Known objects(SchemaFacts a, SchemaFacts b, int depth) {
    Set<String> names = new TreeSet<>(a.properties().keySet());
    names.addAll(b.properties().keySet());
    Known known = UNKNOWN;
    for (String name : names) {
      if (between(a.property(name), b.property(name), depth + 1) instanceof Always) {
        if (a.required().contains(name) || b.required().contains(name)) {
          return ALWAYS;
        }
        if (a.properties().containsKey(name) && b.properties().containsKey(name)) {
          known = new ByProperty(name);
        }
      }
    }
    return known;
  }
}
