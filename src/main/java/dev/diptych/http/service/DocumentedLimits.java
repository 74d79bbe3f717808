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
import dev.diptych.encoding.FillMaskOptions;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** The limits of requests that settings decide, and the forms in which texts may come. */
@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
@Component
final class DocumentedLimits implements OpenApiCustomizer {

  private static final BigDecimal LARGEST = BigDecimal.valueOf(Integer.MAX_VALUE);
  private static final BigDecimal SMALLEST = BigDecimal.valueOf(Integer.MIN_VALUE);

  private final DiptychSettings.Generation generation;
  private final int batch;

  DocumentedLimits(DiptychSettings settings) {
    this.generation = settings.generation();
    this.batch = settings.encoding().maxClientBatchSize();
  }

  @Override
  public void customise(OpenAPI document) {
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    schemas.forEach(
        (name, schema) -> {
          if (name.endsWith("Request") || name.endsWith("Parameters")) {
            boundIntegers(schema);
          }
        });
    limitGeneration(properties(schemas, "GenerateParameters"));
    describe(schemas, "EmbedInputs", textsOrIds());
    describe(schemas, "FillMaskInputs", anyOf(text(), batchOf(text())));
    describe(schemas, "DecodeIds", anyOf(ids(), batchOf(ids())));
    describe(properties(schemas, "TokenizeRequest"), "inputs", anyOf(text(), batchOf(text())));
    describe(
        properties(schemas, "SimilarityInputs"),
        "sentences",
        list(text(), batch - 1)); // the sentence that they are compared with counts
    describe(properties(schemas, "FillMaskParameters"), "targets", targets());
    answers(document, "/fill-mask", fillMaskAnswer());
  }

  private void limitGeneration(Map<String, Schema> parameters) {
    limit(parameters, "best_of", generation.maxBestOf());
    limit(parameters, "top_n_tokens", generation.maxTopNTokens());
    Schema<?> stop = parameters.get("stop");
    if (stop != null) {
      stop.setMaxItems(generation.maxStopSequences());
      stop.setItems(text().maxLength(generation.maxStopCharacters()));
    }
    for (String name : List.of("temperature", "repetition_penalty", "top_p", "typical_p")) {
      Schema<?> number = parameters.get(name);
      if (number != null) {
        number.setExclusiveMinimumValue(BigDecimal.ZERO);
      }
    }
    describe(parameters, "watermark", new JsonSchema()._enum(Arrays.asList((Object) false, null)));
  }

  private static void limit(Map<String, Schema> properties, String name, int most) {
    Schema<?> property = properties.get(name);
    if (property != null) {
      property.setMaximum(BigDecimal.valueOf(most));
    }
  }

  private static void boundIntegers(Schema<?> schema) {
    if (schema.getProperties() == null) {
      return;
    }
    for (Schema<?> property : schema.getProperties().values()) {
      if ("int32".equals(property.getFormat())) {
        property.setMinimum(property.getMinimum() == null ? SMALLEST : property.getMinimum());
        property.setMaximum(property.getMaximum() == null ? LARGEST : property.getMaximum());
      }
    }
  }

  private Schema<?> textsOrIds() {
    return anyOf(text(), ids(), batchOf(anyOf(text(), ids())));
  }

  private Schema<?> batchOf(Schema<?> items) {
    return list(items, batch);
  }

  private static Schema<?> targets() {
    Schema<?> word = type("string").maxLength(FillMaskOptions.MAX_TARGET_CHARACTERS);
    return anyOf(word, list(word, FillMaskOptions.MAX_TARGETS), type("null"));
  }

  private static Schema<?> ids() {
    return type("array")
        .items(type("integer").minimum(BigDecimal.ZERO).maximum(LARGEST))
        .minItems(1);
  }

  /** Lists within lists, as there are one mask or several, and one text or several. */
  private static Schema<?> fillMaskAnswer() {
    Schema<?> ofAMask = type("array").items(reference("FilledMask"));
    Schema<?> ofAText = anyOf(ofAMask, type("array").items(ofAMask));
    return anyOf(ofAMask, type("array").items(ofAText));
  }
}
