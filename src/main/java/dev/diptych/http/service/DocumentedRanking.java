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
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** What classifiers and rankers take, and the forms of their answers. */
@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
@Component
final class DocumentedRanking implements OpenApiCustomizer {

  private final int batch;
  private final int ranked;

  DocumentedRanking(DiptychSettings settings) {
    this.batch = settings.encoding().maxClientBatchSize();
    this.ranked = settings.encoding().maxRankedTexts();
  }

  @Override
  public void customise(OpenAPI document) {
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    describe(schemas, "PredictInputs", anyOf(text(), textOrPair(), list(textOrPair(), batch)));
    describe(properties(schemas, "RerankRequest"), "texts", list(type("string"), ranked));
    describe(schemas, "Documents", list(anyOf(type("string"), document()), ranked));
    Map<String, Schema> ofJina = properties(schemas, "RankDocumentsRequest");
    describe(
        ofJina,
        "rank_fields",
        anyOf(list(new JsonSchema()._enum(List.of((Object) "text")), 1), type("null")));
    describe(ofJina, "max_chunks_per_doc", type("null"));
    Map<String, Schema> ofCohere = properties(schemas, "CohereRerankRequest");
    describe(ofCohere, "priority", new JsonSchema()._enum(Arrays.asList((Object) 0, null)));
    describe(ofCohere, "relevant_spans", type("null"));
    Schema<?> labels = type("array").items(reference("Prediction"));
    answers(document, "/predict", anyOf(labels, type("array").items(labels)));
  }

  /** Of a pair one text may be empty. */
  private static Schema<?> textOrPair() {
    Schema<?> texts = list(type("string"), 2);
    texts.setContains(text());
    return texts;
  }

  private static Schema<?> document() {
    Schema<?> document = type("object");
    document.addProperty("text", type("string"));
    document.setRequired(List.of("text"));
    return document;
  }
}
