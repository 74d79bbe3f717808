package dev.diptych.http.service;

import static dev.diptych.http.service.SchemaForms.answers;
import static dev.diptych.http.service.SchemaForms.anyOf;
import static dev.diptych.http.service.SchemaForms.describe;
import static dev.diptych.http.service.SchemaForms.list;
import static dev.diptych.http.service.SchemaForms.properties;
import static dev.diptych.http.service.SchemaForms.reference;
import static dev.diptych.http.service.SchemaForms.text;
import static dev.diptych.http.service.SchemaForms.type;

import dev.diptych.DiptychSettings;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.Tagger;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** The limits of Hugging Face's tasks, and the forms of their answers. */
@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
@Component
final class DocumentedTasks implements OpenApiCustomizer {

  private final int batch;

  DocumentedTasks(DiptychSettings settings) {
    this.batch = settings.encoding().maxClientBatchSize();
  }

  @Override
  public void customise(OpenAPI document) {
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    describe(schemas, "Texts", oneOrSeveral(text()));
    describe(schemas, "QuestionAnsweringInputs", oneOrSeveral(reference("QuestionAnsweringInput")));
    describe(
        properties(schemas, "TokenClassificationParameters"),
        "ignore_labels",
        anyOf(
            type("string"),
            type("array").items(type("string")).maxItems(Tagger.MAX_IGNORED_LABELS),
            type("null")));
    Schema<?> answers = properties(schemas, "QuestionAnsweringParameters").get("top_k");
    if (answers != null) {
      answers.setMaximum(BigDecimal.valueOf(QuestionAnswerer.MAX_TOP_K));
    }
    Schema<?> tags = listOf(anyOf(reference("TokenTag"), reference("EntityTag")));
    answers(document, "/token-classification", anyOf(tags, listOf(tags)));
    Schema<?> ofAQuestion = anyOf(reference("TextAnswer"), listOf(reference("TextAnswer")));
    answers(document, "/question-answering", anyOf(ofAQuestion, listOf(ofAQuestion)));
  }

  private Schema<?> oneOrSeveral(Schema<?> one) {
    return anyOf(one, list(one, batch));
  }

  private static Schema<?> listOf(Schema<?> items) {
    return type("array").items(items);
  }
}
