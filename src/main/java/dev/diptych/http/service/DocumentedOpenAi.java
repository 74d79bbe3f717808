package dev.diptych.http.service;

import dev.diptych.DiptychSettings;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** What OpenAI's requests may be and its events are, where their records cannot say it. */
@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
@Component
@Order(0) // before general bounds
final class DocumentedOpenAi implements OpenApiCustomizer {

  private static final int LARGEST_BIAS = 100; // as the sampler takes it
  private static final int MOST_PROMPTS = 64; // as /v1/completions takes them
  private static final int MOST_TOOLS = 128;
  private static final BigDecimal LARGEST_ID = BigDecimal.valueOf(Integer.MAX_VALUE);

  private final DiptychSettings.Generation generation;

  DocumentedOpenAi(DiptychSettings settings) {
    this.generation = settings.generation();
  }

  @Override
  public void customise(OpenAPI document) {
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    for (String request : List.of("CompletionsRequest", "ChatRequest", "ResponsesRequest")) {
      limit(properties(schemas, request));
    }
    put(
        schemas,
        "CompletionPrompts",
        anyOf(text(), ids(), list(anyOf(text(), ids()), MOST_PROMPTS)));
    Schema<?> usage = new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + "OpenAiUsage");
    for (String event : List.of("CompletionsResponse", "ChatChunk")) {
      put(properties(schemas, event), "usage", orNull(usage));
    }
    Map<String, Schema> logprobs = properties(schemas, "TextLogprobs");
    put(logprobs, "token_logprobs", type("array").items(orNull(type("number"))));
    put(
        logprobs,
        "top_logprobs",
        type("array").items(orNull(type("object").additionalProperties(type("number")))));
    Schema<?> messages = properties(schemas, "ChatRequest").get("messages");
    if (messages != null) {
      messages.setMinItems(1);
    }
    put(
        properties(schemas, "ChatRequestMessage"),
        "content",
        anyOf(type("string"), type("array").items(part()), type("null")));
    for (String request : List.of("ChatRequest", "ResponsesRequest")) {
      Schema<?> tools = properties(schemas, request).get("tools");
      if (tools != null) {
        tools.setMaxItems(MOST_TOOLS);
      }
      put(
          properties(schemas, request),
          "tool_choice",
          anyOf(oneOf("none", "auto", "required"), type("object"), type("null")));
    }
    put(
        properties(schemas, "ResponsesRequest"),
        "input",
        anyOf(text(), type("array").items(type("object")).minItems(1)));
    put(properties(schemas, "ResponsesTool"), "parameters", orNull(type("object")));
    put(properties(schemas, "ResponsesFormat"), "schema", orNull(type("object")));
    put(properties(schemas, "ChatRequest"), "chat_template_kwargs", orNull(type("object")));
    put(properties(schemas, "FunctionDefinition"), "parameters", orNull(type("object")));
    put(properties(schemas, "NamedJsonSchema"), "schema", orNull(type("object")));
  }

  private void limit(Map<String, Schema> fields) {
    atMost(fields, "n", generation.maxBestOf());
    atMost(fields, "best_of", generation.maxBestOf());
    atMost(fields, "logprobs", generation.maxTopNTokens());
    atMost(fields, "top_logprobs", generation.maxTopNTokens());
    Schema<?> topK = fields.get("top_k");
    if (topK != null) {
      topK.setMinimum(BigDecimal.ONE.negate());
    }
    Schema<?> seed = fields.get("seed");
    if (seed != null) {
      seed.setMinimum(BigDecimal.valueOf(Long.MIN_VALUE));
      seed.setMaximum(BigDecimal.valueOf(Long.MAX_VALUE));
    }
    for (String name : List.of("top_p", "typical_p", "repetition_penalty")) {
      Schema<?> number = fields.get(name);
      if (number != null) {
        number.setExclusiveMinimumValue(BigDecimal.ZERO);
      }
    }
    Schema<?> stop = text().maxLength(generation.maxStopCharacters());
    Schema<?> stops = type("array").items(stop).maxItems(generation.maxStopSequences());
    put(fields, "stop", anyOf(stop, stops, type("null")));
    Schema<?> bias =
        type("number")
            .minimum(BigDecimal.valueOf(-LARGEST_BIAS))
            .maximum(BigDecimal.valueOf(LARGEST_BIAS));
    Schema<?> biases = type("object").additionalProperties(bias);
    biases.setPropertyNames(type("string").pattern("^[0-9]{1,9}$"));
    put(fields, "logit_bias", orNull(biases));
  }

  private static void atMost(Map<String, Schema> fields, String name, int most) {
    Schema<?> field = fields.get(name);
    if (field != null && field.getTypes() != null && field.getTypes().contains("integer")) {
      field.setMaximum(BigDecimal.valueOf(most));
    }
  }

  private static Map<String, Schema> properties(Map<String, Schema> schemas, String name) {
    Schema<?> schema = schemas.get(name);
    return schema == null || schema.getProperties() == null ? Map.of() : schema.getProperties();
  }

  /** Puts a schema in the place of one that has the words for it. */
  private static void put(Map<String, Schema> schemas, String name, Schema<?> precise) {
    Schema<?> words = schemas.get(name);
    if (words != null) {
      precise.setDescription(words.getDescription());
      if (words.getExample() != null) {
        precise.setExample(words.getExample());
      }
      schemas.put(name, precise);
    }
  }

  private static Schema<?> part() {
    Schema<?> part = type("object");
    part.addProperty("type", oneOf("text"));
    part.addProperty("text", type("string"));
    part.setRequired(List.of("type", "text"));
    return part;
  }

  private static Schema<?> oneOf(String... values) {
    Schema<Object> one = new JsonSchema();
    one.setTypes(Set.of("string"));
    one.setEnum(List.<Object>of((Object[]) values));
    return one;
  }

  private static Schema<?> ids() {
    return type("array")
        .items(type("integer").minimum(BigDecimal.ZERO).maximum(LARGEST_ID))
        .minItems(1);
  }

  private static Schema<?> list(Schema<?> items, int most) {
    return type("array").items(items).minItems(1).maxItems(most);
  }

  private static Schema<?> orNull(Schema<?> schema) {
    return anyOf(schema, type("null"));
  }

  private static Schema<?> text() {
    return type("string").minLength(1);
  }

  private static Schema<?> anyOf(Schema<?>... forms) {
    Schema<?> any = new JsonSchema();
    for (Schema<?> form : forms) {
      any.addAnyOfItem(form);
    }
    return any;
  }

  private static Schema<?> type(String name) {
    return new JsonSchema().types(Set.of(name));
  }
}
