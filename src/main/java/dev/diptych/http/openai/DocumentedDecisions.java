package dev.diptych.http.openai;

import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.Question;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** What the questions and the input of {@code /v1/decisions} may be, which no record says. */
@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
@Component
@Order(0) // before general bounds
final class DocumentedDecisions implements OpenApiCustomizer {

  private final int maxQuestions;

  DocumentedDecisions(Deciders deciders) {
    this.maxQuestions = deciders.limits().maxQuestions();
  }

  @Override
  public void customise(OpenAPI document) {
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    Schema<?> request = schemas.get("DecisionsRequest");
    if (request == null) {
      return;
    }
    schemas.put("PredicateDecision", question("predicate", "Whether something is so"));
    schemas.put("ChoiceDecision", choice());
    schemas.put("ScoreDecision", score());
    schemas.put("DecisionMessage", message());
    put(request, "input", anyOf(words(), list(reference("DecisionMessage"), 1, 1000)));
    put(
        request,
        "questions",
        list(
            anyOf(
                reference("PredicateDecision"),
                reference("ChoiceDecision"),
                reference("ScoreDecision")),
            1,
            maxQuestions));
    request.setAdditionalProperties(false);
  }

  private static void put(Schema<?> schema, String name, Schema<?> precise) {
    Schema<?> words = schema.getProperties().get(name);
    if (words != null) {
      precise.setDescription(words.getDescription());
      schema.getProperties().put(name, precise);
    }
  }

  private static Schema<?> choice() {
    Schema<?> value =
        anyOf(words(), type("boolean"), type("number")).description("No other choice has it");
    Schema<?> choice = question("choice", "Which of several values it is");
    return with(
        choice,
        "choices",
        list(
            object(Map.of("value", value, "description", orNull(type("string"))), "value"),
            2,
            Question.MAX_OPTIONS));
  }

  private static Schema<?> score() {
    Schema<?> score = question("score", "How much it is");
    return with(
        score,
        "levels",
        list(
                object(Map.of("label", words(), "description", orNull(type("string"))), "label"),
                2,
                Question.MAX_LEVELS)
            .description("From the lowest to the highest"));
  }

  private static Schema<?> message() {
    Schema<?> part = object(Map.of("type", only("input_text"), "text", words()), "type", "text");
    return object(
        Map.of(
            "type",
            only("message"),
            "role",
            only("user"),
            "content",
            anyOf(words(), list(part, 1, 1000))),
        "role",
        "content");
  }

  private static Schema<?> question(String name, String description) {
    return object(
            Map.of("type", only(name), "name", type("string"), "instructions", words()),
            "type",
            "instructions")
        .description(description);
  }

  /** The same with one more field, which must be there. */
  private static Schema<?> with(Schema<?> question, String name, Schema<?> field) {
    question.addProperty(name, field);
    question.addRequiredItem(name);
    return question;
  }

  private static Schema<?> object(Map<String, Schema<?>> fields, String... required) {
    Schema<?> object = type("object");
    fields.forEach(object::addProperty);
    object.setRequired(Arrays.asList(required));
    object.setAdditionalProperties(false);
    return object;
  }

  private static Schema<?> list(Schema<?> items, int fewest, int most) {
    return type("array").items(items).minItems(fewest).maxItems(most);
  }

  /** A text with something in it. */
  private static Schema<?> words() {
    return type("string").minLength(1).pattern("\\S");
  }

  private static Schema<?> only(String value) {
    Schema<Object> type = new JsonSchema();
    type.setTypes(Set.of("string"));
    type.setEnum(List.of(value));
    return type;
  }

  private static Schema<?> orNull(Schema<?> schema) {
    return anyOf(schema, type("null"));
  }

  private static Schema<?> anyOf(Schema<?>... forms) {
    Schema<?> any = new JsonSchema();
    for (Schema<?> form : forms) {
      any.addAnyOfItem(form);
    }
    return any;
  }

  private static Schema<?> reference(String name) {
    return new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + name);
  }

  private static Schema<?> type(String name) {
    return new JsonSchema().types(Set.of(name));
  }
}
