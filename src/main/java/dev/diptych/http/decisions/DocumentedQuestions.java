package dev.diptych.http.decisions;

import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.Question;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** What questions may be, which no record says. */
@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
@Component
@Order(0) // before general bounds
final class DocumentedQuestions implements OpenApiCustomizer {

  private static final List<String> REQUESTS = List.of("SystemOneRequest", "CompareRequest");

  private final int maxQuestions;

  DocumentedQuestions(Deciders deciders) {
    this.maxQuestions = deciders.limits().maxQuestions();
  }

  @Override
  public void customise(OpenAPI document) {
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    schemas.put("NoulQuestion", noul());
    schemas.put("ChoiceQuestion", choice());
    schemas.put("ScoreQuestion", score());
    Schema<?> question =
        anyOf(reference("NoulQuestion"), reference("ChoiceQuestion"), reference("ScoreQuestion"));
    for (String request : REQUESTS) {
      Schema<?> schema = schemas.get(request);
      if (schema != null) {
        put(schema, "state", structured());
        Schema<?> questions =
            type("object")
                .minProperties(1)
                .maxProperties(maxQuestions)
                .additionalProperties(question);
        questions.setPropertyNames(type("string").minLength(1));
        put(schema, "questions", questions);
      }
    }
  }

  private static void put(Schema<?> schema, String name, Schema<?> precise) {
    Schema<?> words = schema.getProperties().get(name);
    if (words != null) {
      precise.setDescription(words.getDescription());
      schema.getProperties().put(name, precise);
    }
  }

  private static Schema<?> noul() {
    Schema<?> sides = type("object");
    sides.addProperty("true", orNull(structured()).description("When it is so"));
    sides.addProperty("false", orNull(structured()).description("When it is not so"));
    sides.setAdditionalProperties(false);
    Schema<?> noul =
        question("noul", "Whether something is so; instructions or criteria must say what");
    noul.addProperty("criteria", orNull(sides));
    return noul;
  }

  private static Schema<?> choice() {
    Schema<?> options =
        type("object")
            .description("Descriptions by the options' names")
            .minProperties(2)
            .maxProperties(Question.MAX_OPTIONS)
            .additionalProperties(orNull(structured()));
    options.setPropertyNames(type("string").minLength(1).pattern("\\S"));
    Schema<?> choice = question("choice", "Which option it is");
    choice.addProperty("criteria", options);
    choice.setRequired(List.of("type", "criteria"));
    return choice;
  }

  private static Schema<?> score() {
    Schema<?> score = question("score", "How much it is");
    score.addProperty(
        "criteria",
        type("array")
            .items(structured())
            .minItems(2)
            .maxItems(Question.MAX_LEVELS)
            .description("Levels from the lowest to the highest"));
    score.setRequired(List.of("type", "criteria"));
    return score;
  }

  private static Schema<?> question(String name, String description) {
    Schema<Object> type = new JsonSchema();
    type.setTypes(Set.of("string"));
    type.setEnum(List.of(name));
    Schema<?> question = type("object").description(description);
    question.addProperty("type", type);
    question.addProperty("instructions", orNull(structured()).description("What is asked"));
    question.setRequired(List.of("type"));
    question.setAdditionalProperties(false);
    return question;
  }

  /** A text, or JSON that stands for one. */
  private static Schema<?> structured() {
    return new JsonSchema().types(Set.of("string", "object", "array"));
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
