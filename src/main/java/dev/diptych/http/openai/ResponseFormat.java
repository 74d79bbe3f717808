package dev.diptych.http.openai;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The shape that an answer must have. */
record ResponseFormat(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            allowableValues = {"text", "json_object", "json_schema", "json", "regex"},
            example = "json_schema")
        @Nullable String type,
    @Nullable Named jsonSchema,
    @Schema(description = "A schema beside json_object", implementation = Object.class)
        @Nullable JsonNode schema,
    @Schema(
            description = "As TGI has it: the schema of json, or the regex",
            implementation = Object.class)
        @Nullable JsonNode value) {

  /** The schema, wherever it stands. */
  @Nullable JsonNode anySchema() {
    JsonNode named = jsonSchema == null ? null : jsonSchema.schema();
    return named != null ? named : schema != null ? schema : value;
  }

  /**
   * A JSON schema with a name.
   *
   * @param strict not needed: the answer always follows the schema
   */
  @Schema(name = "NamedJsonSchema")
  record Named(
      @Nullable String name,
      @Nullable String description,
      @Schema(implementation = Object.class) @Nullable JsonNode schema,
      @Nullable Boolean strict) {}
}
