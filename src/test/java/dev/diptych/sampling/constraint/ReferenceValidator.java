package dev.diptych.sampling.constraint;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A validator of JSON schemas by others, formats included. */
final class ReferenceValidator {

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private ReferenceValidator() {}

  /** What is wrong with a text; nothing if it is valid JSON and holds the schema. */
  static List<Error> errors(JsonNode schema, String text) {
    Schema compiled = REGISTRY.getSchema(schema);
    return compiled.validate(text, InputFormat.JSON);
  }
}
