package dev.diptych.http.decisions;

import dev.diptych.tasks.decision.DecisionLimits;
import dev.diptych.tasks.decision.Option;
import dev.diptych.tasks.decision.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a request's state and questions, and finds all that is wrong with them. */
final class RequestReader {

  private static final int MOST_PROBLEMS = 20;
  private static final Set<String> OF_A_QUESTION = Set.of("type", "instructions", "criteria");
  private static final String TEXT = "must be a string, an object or a list";

  private final DecisionLimits limits;
  private final List<Problem> problems = new ArrayList<>();

  RequestReader(DecisionLimits limits) {
    this.limits = limits;
  }

  /**
   * What is asked about the state.
   *
   * @param body of the request
   * @throws Refused if something is wrong
   */
  static DecisionRequest read(JsonNode body, DecisionLimits limits) {
    RequestReader reader = new RequestReader(limits);
    DecisionRequest request = reader.request(body);
    if (request == null || !reader.problems.isEmpty()) {
      throw new Refused(reader.problems);
    }
    return request;
  }

  /**
   * What both halves are asked.
   *
   * @throws Refused if something is wrong
   */
  static CompareRequest readComparison(JsonNode body, DecisionLimits limits) {
    RequestReader reader = new RequestReader(limits);
    DecisionRequest request = reader.request(body);
    String decoder = reader.name(body.get("decoder"), "decoder");
    String encoder = reader.name(body.get("encoder"), "encoder");
    if (body.has("model")) {
      reader.add("extra_forbidden", "must be decoder or encoder, as both answer", "model");
    }
    if (request == null || !reader.problems.isEmpty()) {
      throw new Refused(reader.problems);
    }
    return new CompareRequest(decoder, encoder, request.state(), request.asked());
  }

  private @Nullable DecisionRequest request(JsonNode body) {
    if (!body.isObject()) {
      add("dict_type", "must be an object");
      return null;
    }
    String state = text(body.get("state"), "state");
    return new DecisionRequest(
        name(body.get("model"), "model"), state == null ? "" : state, questions(body));
  }

  private @Nullable String name(@Nullable JsonNode model, String field) {
    if (model == null || model.isNull()) {
      return null;
    }
    if (!model.isString()) {
      add("string_type", "must be a string", field);
      return null;
    }
    return model.stringValue();
  }

  private List<Asked> questions(JsonNode body) {
    JsonNode questions = body.get("questions");
    if (isMissing(questions, "questions") || questions == null) {
      return List.of();
    }
    if (!questions.isObject()) {
      add("dict_type", "must be an object of questions by their ids", "questions");
      return List.of();
    }
    if (questions.isEmpty()) {
      add("too_short", "must have at least one question", "questions");
    }
    if (questions.size() > limits.maxQuestions()) {
      add(
          "too_long",
          "must have at most %d questions (diptych.decisions.max-questions). Given: %d"
              .formatted(limits.maxQuestions(), questions.size()),
          "questions");
      return List.of();
    }
    List<Asked> asked = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : questions.properties()) {
      Asked question = asked(entry.getKey(), entry.getValue());
      if (question != null) {
        asked.add(question);
      }
    }
    return asked;
  }

  private @Nullable Asked asked(String id, JsonNode question) {
    if (id.isEmpty()) {
      add("too_short", "an id must not be empty", "questions", id);
    }
    if (!question.isObject()) {
      add("dict_type", "must be an object", "questions", id);
      return null;
    }
    for (String field : question.propertyNames()) {
      if (!OF_A_QUESTION.contains(field)) {
        add("extra_forbidden", "is not known", "questions", id, field);
      }
    }
    JsonNode type = question.get("type");
    if (isMissing(type, "questions", id, "type") || type == null) {
      return null;
    }
    JsonNode given = question.get("instructions");
    String instructions =
        given == null || given.isNull() ? "" : text(given, "questions", id, "instructions");
    JsonNode criteria = question.get("criteria");
    return switch (type.isString() ? type.stringValue() : "") {
      case "noul" -> predicate(id, instructions, criteria);
      case "choice" -> choice(id, instructions, criteria);
      case "score" -> score(id, instructions, criteria);
      default -> {
        add("literal_error", "must be noul, choice or score", "questions", id, "type");
        yield null;
      }
    };
  }

  private @Nullable Asked predicate(
      String id, @Nullable String instructions, @Nullable JsonNode criteria) {
    String ifTrue = null;
    String ifFalse = null;
    int before = problems.size();
    if (criteria != null && !criteria.isNull()) {
      if (!criteria.isObject()) {
        add("dict_type", "must be an object with true, false or both", "questions", id, "criteria");
        return null;
      }
      for (String side : criteria.propertyNames()) {
        if (!side.equals("true") && !side.equals("false")) {
          add("extra_forbidden", "must be true or false", "questions", id, "criteria", side);
        }
      }
      ifTrue = optional(criteria.get("true"), "questions", id, "criteria", "true");
      ifFalse = optional(criteria.get("false"), "questions", id, "criteria", "false");
    }
    if (instructions == null || problems.size() > before) {
      return null;
    }
    if (instructions.isBlank() && isBlank(ifTrue) && isBlank(ifFalse)) {
      add("missing", "needs instructions or criteria, or there is no question", "questions", id);
      return null;
    }
    return new Asked(id, new Question.Predicate(instructions, ifTrue, ifFalse), List.of());
  }

  private @Nullable Asked choice(
      String id, @Nullable String instructions, @Nullable JsonNode criteria) {
    if (isMissing(criteria, "questions", id, "criteria") || criteria == null) {
      return null;
    }
    if (!criteria.isObject()) {
      add(
          "dict_type",
          "must be an object of descriptions by the options' names",
          "questions",
          id,
          "criteria");
      return null;
    }
    if (!hasSize(criteria, Question.MAX_OPTIONS, "options", id)) {
      return null;
    }
    List<Option> options = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : criteria.properties()) {
      String name = entry.getKey();
      if (name.isBlank()) {
        add("too_short", "an option must have a name", "questions", id, "criteria", name);
      }
      options.add(new Option(name, optional(entry.getValue(), "questions", id, "criteria", name)));
    }
    return instructions == null
        ? null
        : new Asked(id, new Question.Choice(instructions, options), List.of());
  }

  private @Nullable Asked score(
      String id, @Nullable String instructions, @Nullable JsonNode criteria) {
    if (isMissing(criteria, "questions", id, "criteria") || criteria == null) {
      return null;
    }
    if (!criteria.isArray()) {
      add(
          "list_type",
          "must be a list of levels from the lowest to the highest",
          "questions",
          id,
          "criteria");
      return null;
    }
    if (!hasSize(criteria, Question.MAX_LEVELS, "levels", id)) {
      return null;
    }
    List<Option> levels = new ArrayList<>();
    List<JsonNode> given = new ArrayList<>();
    for (int i = 0; i < criteria.size(); i++) {
      JsonNode level = criteria.get(i);
      Option option = level(level, id, i);
      if (option != null) {
        levels.add(option);
        given.add(level);
      }
    }
    return instructions == null
        ? null
        : new Asked(id, new Question.Score(instructions, levels), given);
  }

  /* A text, or an object with a label, as some clients write it. */
  private @Nullable Option level(JsonNode level, String id, int index) {
    if (level.isObject()
        && level.path("label").isString()
        && (level.size() == 1 || (level.size() == 2 && level.path("description").isString()))) {
      return new Option(level.path("label").stringValue(), level.path("description").asString(""));
    }
    String text = text(level, "questions", id, "criteria", index);
    return text == null ? null : Option.of(text);
  }

  private boolean hasSize(JsonNode criteria, int most, String what, String id) {
    if (criteria.size() < 2) {
      add("too_short", "must have at least 2 " + what, "questions", id, "criteria");
      return false;
    }
    if (criteria.size() > most) {
      add(
          "too_long",
          "must have at most %d %s. Given: %d".formatted(most, what, criteria.size()),
          "questions",
          id,
          "criteria");
      return false;
    }
    return true;
  }

  private boolean isMissing(@Nullable JsonNode value, Object... place) {
    if (value == null) {
      add("missing", "is missing", place);
    }
    return value == null;
  }

  private @Nullable String optional(@Nullable JsonNode value, Object... place) {
    return value == null || value.isNull() ? null : text(value, place);
  }

  /* A structured one is read as the JSON that it is. */
  private @Nullable String text(@Nullable JsonNode value, Object... place) {
    if (isMissing(value, place) || value == null) {
      return null;
    }
    if (value.isString()) {
      return value.stringValue();
    }
    if (value.isObject() || value.isArray()) {
      return value.toString();
    }
    add("string_type", TEXT, place);
    return null;
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private void add(String type, String message, Object... place) {
    if (problems.size() == MOST_PROBLEMS) {
      return;
    }
    List<Object> loc = new ArrayList<>();
    loc.add("body");
    StringBuilder name = new StringBuilder();
    for (Object step : place) {
      loc.add(step);
      if (step instanceof Integer) {
        name.append('[').append(step).append(']');
      } else {
        name.append(name.isEmpty() ? "" : ".").append(step);
      }
    }
    problems.add(
        new Problem(loc, "`%s` %s".formatted(name.isEmpty() ? "body" : name, message), type));
  }
}
