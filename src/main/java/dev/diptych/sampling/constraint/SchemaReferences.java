package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Follows the references and {@code allOf} of schemas, so that what holds together lies together.
 */
final class SchemaReferences {

  private static final int DEEPEST = 200;

  private static final int COST = 8; // of looking at a schema once

  private final JsonNode root;
  private final Automata automata;

  SchemaReferences(JsonNode root, Automata automata) {
    this.root = root;
    this.automata = automata;
  }

  /**
   * The schemas that all must hold where these do: those themselves, what they refer to and what
   * their {@code allOf} lists. Of none of them references and {@code allOf} are left to look at.
   */
  List<SchemaSite> followed(List<SchemaSite> sites) {
    Map<String, SchemaSite> all = new LinkedHashMap<>();
    Deque<String> path = new ArrayDeque<>();
    for (SchemaSite site : sites) {
      follow(site, all, path);
    }
    return new ArrayList<>(all.values());
  }

  private void follow(SchemaSite site, Map<String, SchemaSite> all, Deque<String> path) {
    automata.spend(COST + path.size() + site.node().size());
    if (path.contains(site.key()) || path.size() > DEEPEST) {
      throw new InvalidInput(
          "the JSON schema at %s refers to itself without anything between"
              .formatted(site.pointer().isEmpty() ? "the top" : site.pointer()));
    }
    if (all.containsKey(site.key()) || site.bare() || site.node().isBoolean()) {
      all.putIfAbsent(site.key(), site);
      return;
    }
    SchemaKeywords.check(site);
    all.put(site.key(), site);
    path.push(site.key());
    String reference = site.text("$ref");
    if (reference != null) {
      follow(target(site, reference), all, path);
    }
    if (site.has("allOf")) {
      for (SchemaSite part : site.children("allOf")) {
        follow(part, all, path);
      }
    }
    path.pop();
  }

  private SchemaSite target(SchemaSite site, String reference) {
    if (!reference.equals("#") && !reference.startsWith("#/")) {
      throw site.invalid("$ref", "is not supported: only those inside of the schema are (#/…)");
    }
    String pointer;
    JsonNode target;
    try {
      pointer =
          URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
      target = root.at(JsonPointer.compile(pointer));
    } catch (IllegalArgumentException _) {
      throw site.invalid("$ref", "is no JSON pointer");
    }
    if (!Objects.requireNonNull(target).isObject() && !target.isBoolean()) {
      throw site.invalid("$ref", "refers to no schema");
    }
    return new SchemaSite(target, pointer);
  }
}
