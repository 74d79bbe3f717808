package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The alternatives of {@code anyOf} and {@code oneOf}. */
final class SchemaChoices {

  /*
   * A value of oneOf must hold one of the alternatives and no other, which a text in the making
   * cannot be checked for. So each two of them must exclude each other by themselves: by types,
   * bounds, patterns or values, or by a property whose values do, which is then always written.
   */

  private static final int MOST_CHOICES = 2000;

  private final Exclusion exclusion;
  private final Automata automata;

  SchemaChoices(SchemaReferences references, Automata automata) {
    this.exclusion = new Exclusion(references, this, automata);
    this.automata = automata;
  }

  boolean haveAny(List<SchemaSite> followed) {
    return followed.stream().anyMatch(SchemaChoices::hasAny);
  }

  private static boolean hasAny(SchemaSite site) {
    return !site.bare() && (site.has("anyOf") || site.has("oneOf"));
  }

  /**
   * Each way to choose: the schemas that then hold together.
   *
   * @param followed schemas whose references have been followed
   */
  List<List<SchemaSite>> of(List<SchemaSite> followed) {
    return of(followed, true);
  }

  /** As {@link #of(List)}, without a look at whether the alternatives exclude each other. */
  List<List<SchemaSite>> unchecked(List<SchemaSite> followed) {
    return of(followed, false);
  }

  private List<List<SchemaSite>> of(List<SchemaSite> followed, boolean checked) {
    List<List<SchemaSite>> ways = new ArrayList<>();
    ways.add(followed.stream().map(SchemaSite::asBare).toList());
    List<SchemaSite> base = ways.getFirst();
    for (SchemaSite site : followed) {
      if (hasAny(site) && site.has("anyOf")) {
        ways = multiplied(ways, alternatives(site, "anyOf"));
      }
      if (hasAny(site) && site.has("oneOf")) {
        List<List<SchemaSite>> alternatives = alternatives(site, "oneOf");
        ways = multiplied(ways, checked ? exclusive(site, base, alternatives) : alternatives);
      }
    }
    return ways;
  }

  private static List<List<SchemaSite>> alternatives(SchemaSite site, String keyword) {
    List<SchemaSite> children = site.children(keyword);
    if (children.isEmpty()) {
      throw site.invalid(keyword, "must not be empty");
    }
    return children.stream().map(List::of).toList();
  }

  private List<List<SchemaSite>> multiplied(
      List<List<SchemaSite>> ways, List<List<SchemaSite>> alternatives) {
    if ((long) ways.size() * alternatives.size() > MOST_CHOICES) {
      throw new InvalidInput(
          "the JSON schema has more than %d combinations of alternatives at one place"
              .formatted(MOST_CHOICES));
    }
    automata.spend(8L * ways.size() * alternatives.size());
    List<List<SchemaSite>> all = new ArrayList<>();
    for (List<SchemaSite> way : ways) {
      for (List<SchemaSite> alternative : alternatives) {
        List<SchemaSite> both = new ArrayList<>(way);
        both.addAll(alternative);
        all.add(both);
      }
    }
    return all;
  }

  private List<List<SchemaSite>> exclusive(
      SchemaSite site, List<SchemaSite> base, List<List<SchemaSite>> alternatives) {
    List<Set<String>> written = new ArrayList<>();
    alternatives.forEach(_ -> written.add(new TreeSet<>()));
    List<List<SchemaSite>> whole = multiplied(List.of(base), alternatives);
    for (int i = 0; i < whole.size(); i++) {
      for (int j = 0; j < i; j++) {
        switch (exclusion.between(whole.get(i), whole.get(j))) {
          case Exclusion.Always() -> {}
          case Exclusion.ByProperty(String name) -> {
            written.get(i).add(name);
            written.get(j).add(name);
          }
          case Exclusion.Unknown() ->
              throw site.invalid(
                  "oneOf",
                  "has alternatives that do not exclude each other, %d and %d; use `anyOf`"
                      .formatted(j, i));
        }
      }
    }
    List<List<SchemaSite>> all = new ArrayList<>();
    for (int i = 0; i < alternatives.size(); i++) {
      List<SchemaSite> alternative = new ArrayList<>(alternatives.get(i));
      if (!written.get(i).isEmpty()) {
        alternative.add(requiring(alternative.getFirst(), written.get(i)));
      }
      all.add(alternative);
    }
    return all;
  }

  private static SchemaSite requiring(SchemaSite place, Set<String> names) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    var required = schema.putArray("required");
    names.forEach(required::add);
    return new SchemaSite(schema, "%s (required: %s)".formatted(place.pointer(), names));
  }
}
