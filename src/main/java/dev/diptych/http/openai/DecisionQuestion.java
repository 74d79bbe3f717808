package dev.diptych.http.openai;

import dev.diptych.tasks.decision.Option;
import dev.diptych.tasks.decision.Question;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A question of {@code /v1/decisions}.
 *
 * @param name which the model does not see; null without
 * @param values of a choice, as they were given; empty for others
 */
record DecisionQuestion(@Nullable String name, Question question, List<JsonNode> values) {

  private static final int FEWEST = 2;
  private static final String TYPE = "type";
  private static final String NAME = "name";
  private static final String INSTRUCTIONS = "instructions";
  private static final String CHOICES = "choices";
  private static final String VALUE = "value";
  private static final String LEVELS = "levels";
  private static final String LABEL = "label";
  private static final String DESCRIPTION = "description";
  private static final Set<String> OF_ALL =
      Set.of(TYPE, NAME, INSTRUCTIONS, CHOICES, LEVELS); // which of them, the type says

  DecisionQuestion {
    values = List.copyOf(values);
  }

  /**
   * Reads one.
   *
   * @throws Refusal if something of it cannot be used
   */
  static DecisionQuestion of(JsonPlace place) {
    place.object(OF_ALL);
    String type = place.get(TYPE).text();
    String name = place.get(NAME).isAbsent() ? null : place.get(NAME).text();
    return switch (type) {
      case "predicate" -> {
        place.object(Set.of(TYPE, NAME, INSTRUCTIONS));
        yield new DecisionQuestion(
            name, new Question.Predicate(instructions(place), null, null), List.of());
      }
      case "choice" -> {
        place.object(Set.of(TYPE, NAME, INSTRUCTIONS, CHOICES));
        yield choice(name, instructions(place), place.get(CHOICES));
      }
      case "score" -> {
        place.object(Set.of(TYPE, NAME, INSTRUCTIONS, LEVELS));
        yield new DecisionQuestion(
            name, new Question.Score(instructions(place), levels(place.get(LEVELS))), List.of());
      }
      default ->
          throw place.get(TYPE).refused("must be predicate, choice or score. Given: " + type);
    };
  }

  private static String instructions(JsonPlace place) {
    return place.get(INSTRUCTIONS).words();
  }

  private static DecisionQuestion choice(
      @Nullable String name, String instructions, JsonPlace choices) {
    List<Option> options = new ArrayList<>();
    List<JsonNode> values = new ArrayList<>();
    Set<JsonNode> seen = new HashSet<>();
    for (JsonPlace choice : choices.items(FEWEST, Question.MAX_OPTIONS, "")) {
      choice.object(Set.of(VALUE, DESCRIPTION));
      JsonPlace place = choice.get(VALUE);
      JsonNode value = place.there("what is chosen");
      String text = value.isBoolean() || value.isNumber() ? value.toString() : place.words();
      if (!seen.add(value)) {
        throw place.refused("stands there twice. Given: " + value);
      }
      values.add(value);
      options.add(new Option(text, description(choice)));
    }
    return new DecisionQuestion(name, new Question.Choice(instructions, options), values);
  }

  private static List<Option> levels(JsonPlace levels) {
    return levels.items(FEWEST, Question.MAX_LEVELS, "").stream()
        .map(
            level -> {
              level.object(Set.of(LABEL, DESCRIPTION));
              return new Option(level.get(LABEL).words(), description(level));
            })
        .toList();
  }

  private static @Nullable String description(JsonPlace option) {
    JsonPlace description = option.get(DESCRIPTION);
    return description.isAbsentOrNull() ? null : description.text();
  }
}
