package dev.diptych.http.generate;

import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import dev.diptych.sampling.constraint.Constraint;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The shape of an answer, in the words of text-generation-inference. */
@Schema(
    description =
        "The shape that the answer has: any JSON object or one of a JSON schema (json and"
            + " json_object, the schema as an object or a text; json_schema, it as the field schema"
            + " of an object), or a regular expression that the whole answer matches.",
    example =
        "{\"type\": \"json\", \"value\": {\"type\": \"object\", \"properties\": {\"city\":"
            + " {\"type\": \"string\"}}, \"required\": [\"city\"]}}")
record Grammar(
    @Schema(
            allowableValues = {"json", "json_object", "json_schema", "regex"},
            requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable String type,
    @Schema(
            description = "May be absent with json_object, which then is any object.",
            implementation = Object.class)
        @Nullable JsonNode value) {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String SCHEMA = "schema";

  /**
   * The engine's constraint.
   *
   * @throws InvalidInput if it is none
   */
  Constraint constraint() {
    if (type == null) {
      throw invalid("missing field `type`, one of json, json_object, json_schema and regex");
    }
    JsonNode given = value == null || value.isNull() ? null : value;
    return switch (type) {
      case "json_object" -> given == null ? new Constraint.JsonObject() : schema(given);
      case "json" -> schema(required(given));
      case "json_schema" -> {
        JsonNode config = required(given);
        JsonNode schema = config.path(SCHEMA);
        if (!config.isObject() || schema.isMissingNode()) {
          throw invalid("`value` must be an object with the field `schema`", config);
        }
        yield schema(schema);
      }
      case "regex" -> {
        JsonNode pattern = required(given);
        if (!pattern.isString()) {
          throw invalid("`value` must be a regular expression in a string", pattern);
        }
        yield new Constraint.Regex(pattern.stringValue());
      }
      default ->
          throw invalid(
              "unknown `type`, expected one of json, json_object, json_schema and regex. Given: "
                  + Excerpt.of(type));
    };
  }

  private static Constraint schema(JsonNode given) {
    JsonNode schema = given.isString() ? read(given.stringValue()) : given;
    if (!schema.isObject()) {
      throw invalid("the JSON schema must be an object or the text of one", given);
    }
    return new Constraint.JsonSchema(schema);
  }

  private static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw invalid("the JSON schema is no JSON: " + e.getOriginalMessage());
    }
  }

  private static JsonNode required(@Nullable JsonNode given) {
    if (given == null) {
      throw invalid("missing field `value`");
    }
    return given;
  }

  private static InvalidInput invalid(String why, JsonNode given) {
    return invalid("%s. Given: %s".formatted(why, Excerpt.of(given.toString())));
  }

  private static InvalidInput invalid(String why) {
    return new InvalidInput("`grammar` is not valid: " + why);
  }
}
