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
import dev.diptych.tasks.HypothesisTemplate;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.Tagger;
import dev.diptych.tasks.ZeroShotClassifier;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    describe(
        schemas,
        "TextClassificationInputs",
        anyOf(text(), reference("TextPair"), list(anyOf(text(), reference("TextPair")), batch)));
    Map<String, Schema> zeroShot = properties(schemas, "ZeroShotClassificationParameters");
    Schema<?> label = type("string").maxLength(ZeroShotClassifier.MAX_LABEL_CHARACTERS);
    describe(
        zeroShot,
        "candidate_labels",
        anyOf(type("string").pattern("[^,\\s]"), list(label, ZeroShotClassifier.MAX_PAIRS)));
    limitTemplate(zeroShot.get("hypothesis_template"));
    Schema<?> tags = listOf(anyOf(reference("TokenTag"), reference("EntityTag")));
    answers(document, "/token-classification", anyOf(tags, listOf(tags)));
    Schema<?> ofAQuestion = anyOf(reference("TextAnswer"), listOf(reference("TextAnswer")));
    answers(document, "/question-answering", anyOf(ofAQuestion, listOf(ofAQuestion)));
    Schema<?> labels = listOf(reference("LabelScore"));
    answers(document, "/zero-shot-classification", anyOf(labels, listOf(labels)));
    answers(document, "/text-classification", listOf(labels));
  }

  private static void limitTemplate(@Nullable Schema<?> template) {
    if (template != null) {
      template.setMaxLength(HypothesisTemplate.MAX_CHARACTERS);
      template.setPattern("[{]0?[}]");
    }
  }

  private Schema<?> oneOrSeveral(Schema<?> one) {
    return anyOf(one, list(one, batch));
  }

  private static Schema<?> listOf(Schema<?> items) {
    return type("array").items(items);
  }
}
