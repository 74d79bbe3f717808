package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether values that a schema lists hold what it says beside. */
final class ValueCheck {

  private final SchemaFacts facts;
  private final @Nullable Automaton characters;

  ValueCheck(SchemaFacts facts, Automata automata) {
    this.facts = facts;
    this.characters = facts.characters(automata);
  }

  boolean admits(JsonNode value) {
    Set<SchemaFacts.Type> types = facts.namedTypes();
    return switch (value.getNodeType()) {
      case NULL -> types.contains(SchemaFacts.Type.NULL);
      case BOOLEAN -> types.contains(SchemaFacts.Type.BOOLEAN);
      case NUMBER -> isOfType(value.decimalValue(), types) && isBetween(value.decimalValue());
      case STRING -> types.contains(SchemaFacts.Type.STRING) && admits(value.stringValue());
      case OBJECT -> {
        refuseBeside(SchemaKeywords.OF_OBJECTS);
        yield types.contains(SchemaFacts.Type.OBJECT);
      }
      case ARRAY -> {
        refuseBeside(SchemaKeywords.OF_ARRAYS);
        yield types.contains(SchemaFacts.Type.ARRAY);
      }
      default -> false;
    };
  }

  private static boolean isOfType(BigDecimal value, Set<SchemaFacts.Type> types) {
    return types.contains(SchemaFacts.Type.NUMBER)
        || (types.contains(SchemaFacts.Type.INTEGER) && value.stripTrailingZeros().scale() <= 0);
  }

  private boolean isBetween(BigDecimal value) {
    JsonNumbers.Bound least = facts.leastNumber();
    JsonNumbers.Bound most = facts.mostNumber();
    return (least == null || value.compareTo(least.value()) >= (least.exclusive() ? 1 : 0))
        && (most == null || value.compareTo(most.value()) <= (most.exclusive() ? -1 : 0));
  }

  private boolean admits(String text) {
    int length = text.codePointCount(0, text.length());
    Integer most = facts.most("maxLength");
    return length >= facts.least("minLength")
        && (most == null || length <= most)
        && (characters == null || characters.run(bytes(text)));
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private void refuseBeside(Set<String> keywords) {
    for (SchemaSite site : facts.sites()) {
      for (String keyword : keywords) {
        if (site.has(keyword)) {
          throw site.invalid(keyword, "is not supported beside an object or list of values");
        }
      }
    }
  }
}
