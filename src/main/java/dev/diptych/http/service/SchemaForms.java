package dev.diptych.http.service;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Map;
import java.util.Set;

/** Schemas of what comes again and again: texts, lists, one of several forms. */
@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
final class SchemaForms {

  private SchemaForms() {}

  static Map<String, Schema> properties(Map<String, Schema> schemas, String name) {
    Schema<?> schema = schemas.get(name);
    return schema == null || schema.getProperties() == null ? Map.of() : schema.getProperties();
  }

  /** Puts a schema in the place of one that has the words for it. */
  static void describe(Map<String, Schema> schemas, String name, Schema<?> precise) {
    Schema<?> words = schemas.get(name);
    if (words != null) {
      precise.setDescription(words.getDescription());
      if (words.getExample() != null) {
        precise.setExample(words.getExample());
      }
      schemas.put(name, precise);
    }
  }

  static Schema<?> list(Schema<?> items, int most) {
    return type("array").items(items).minItems(1).maxItems(most);
  }

  static Schema<?> text() {
    return type("string").minLength(1);
  }

  static Schema<?> anyOf(Schema<?>... forms) {
    Schema<?> any = new JsonSchema();
    for (Schema<?> form : forms) {
      any.addAnyOfItem(form);
    }
    return any;
  }

  static Schema<?> type(String name) {
    return new JsonSchema().types(Set.of(name));
  }

  static Schema<?> reference(String name) {
    return new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + name);
  }

  /** Says what a path answers. */
  static void answers(OpenAPI document, String path, Schema<?> schema) {
    PathItem item = document.getPaths().get(path);
    if (item == null) {
      return;
    }
    for (Operation operation : item.readOperations()) {
      ApiResponse answer = operation.getResponses().get("200");
      if (answer != null && answer.getContent() != null) {
        answer.getContent().values().forEach(content -> content.setSchema(schema));
      }
    }
  }
}
