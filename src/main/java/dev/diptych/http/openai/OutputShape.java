package dev.diptych.http.openai;

import dev.diptych.chat.CallShape;
import dev.diptych.sampling.constraint.Constraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The shape of answers, as the fields of OpenAI, vLLM and llama.cpp ask for one. */
final class OutputShape {

  private OutputShape() {}

  /**
   * The shape that a request asks for; null if it asks for none.
   *
   * @param others fields that only vLLM and llama.cpp have
   */
  static @Nullable Constraint of(@Nullable ResponseFormat format, Map<String, JsonNode> others) {
    List<String> fields = new ArrayList<>();
    List<Constraint> shapes = new ArrayList<>();
    Constraint formatted = format == null ? null : ofFormat(format);
    if (formatted != null) {
      fields.add("response_format");
      shapes.add(formatted);
    }
    others.forEach(
        (name, value) -> {
          Constraint shape = value.isNull() ? null : ofField(name, name, value);
          if (shape != null) {
            fields.add(name);
            shapes.add(shape);
          }
        });
    if (shapes.size() > 1) {
      throw Refusal.value(
          fields.getLast(),
          "`%s` and `%s` both ask for a shape, of which an answer has one"
              .formatted(fields.getFirst(), fields.getLast()));
    }
    return shapes.isEmpty() ? null : shapes.getFirst();
  }

  private static @Nullable Constraint ofFormat(ResponseFormat format) {
    JsonNode value = format.value();
    if ("regex".equals(format.type()) && value != null) {
      return new Constraint.Regex(text("response_format.value", value));
    }
    return of(
        format.type(), format.anySchema(), "response_format", "response_format.json_schema.schema");
  }

  /**
   * The shape that a format means; null for a text of any shape.
   *
   * @param place of the format in the request
   * @param placeOfSchema of its schema
   */
  static @Nullable Constraint of(
      @Nullable String type, @Nullable JsonNode schema, String place, String placeOfSchema) {
    if (type == null) {
      throw Refusal.missing(place + ".type", "text, json_object or json_schema");
    }
    return switch (type) {
      case "text" -> null;
      case "json_object" ->
          schema == null || schema.isNull()
              ? new Constraint.JsonObject()
              : schema(placeOfSchema, schema);
      case "json_schema", "json" -> {
        if (schema == null || schema.isNull()) {
          throw Refusal.missing(placeOfSchema, "what the answer must be");
        }
        yield schema(placeOfSchema, schema);
      }
      default ->
          throw Refusal.unsupported(
              place + ".type",
              "`%s.type` must be text, json_object or json_schema. Given: %s"
                  .formatted(place, type));
    };
  }

  private static @Nullable Constraint ofField(String place, String name, JsonNode value) {
    return switch (name) {
      case "guided_json", "json_schema" -> schema(place, value);
      case "guided_regex" -> new Constraint.Regex(text(place, value));
      case "guided_choice" -> choice(place, value);
      case "structured_outputs" -> structured(place, value);
      default -> null;
    };
  }

  /** What vLLM has in one object, of which one field is there. */
  private static @Nullable Constraint structured(String place, JsonNode outputs) {
    for (Map.Entry<String, JsonNode> field : outputs.properties()) {
      String at = place + "." + field.getKey();
      JsonNode value = field.getValue();
      if (value.isNull()) {
        continue;
      }
      switch (field.getKey()) {
        case "json" -> {
          return schema(at, value);
        }
        case "regex" -> {
          return new Constraint.Regex(text(at, value));
        }
        case "choice" -> {
          return choice(at, value);
        }
        case "json_object" -> {
          if (value.asBoolean(false)) {
            return new Constraint.JsonObject();
          }
        }
        default -> throw Refusal.unsupported(at, "`%s` is not supported".formatted(at));
      }
    }
    return null;
  }

  private static Constraint schema(String place, JsonNode schema) {
    if (!schema.isObject() && !schema.isBoolean()) {
      throw Refusal.value(place, "`%s` must be a JSON schema".formatted(place));
    }
    return new Constraint.JsonSchema(schema);
  }

  private static Constraint choice(String place, JsonNode options) {
    List<String> texts = new ArrayList<>();
    for (JsonNode option : options) {
      texts.add(text(place, option));
    }
    if (texts.isEmpty()) {
      throw Refusal.value(place, "`%s` must be a list of texts".formatted(place));
    }
    return new Constraint.Choice(texts);
  }

  private static String text(String place, JsonNode value) {
    if (!value.isString() || value.stringValue().isEmpty()) {
      throw Refusal.value(place, "`%s` must be a string, and not empty".formatted(place));
    }
    return value.stringValue();
  }

  /** Calls of tools and nothing else. */
  static Constraint of(CallShape shape) {
    List<Constraint> alternatives = new ArrayList<>();
    for (CallShape.Alternative alternative : shape.alternatives()) {
      alternatives.add(
          inOrder(
              literal(alternative.before()),
              new Constraint.JsonSchema(alternative.arguments()),
              literal(alternative.after())));
    }
    Constraint call =
        alternatives.size() == 1 ? alternatives.getFirst() : new Constraint.AnyOf(alternatives);
    Constraint more =
        shape.mostCalls() == 1
            ? null
            : new Constraint.Repeated(
                inOrder(literal(shape.separator()), call), 0, shape.mostCalls() - 1);
    return inOrder(call, more, literal(shape.end()));
  }

  /** One shape, or calls of tools from their beginning on. */
  static Constraint either(Constraint shape, CallShape calls) {
    return new Constraint.AnyOf(List.of(shape, inOrder(literal(calls.opening()), of(calls))));
  }

  /**
   * A shape behind what the model thinks.
   *
   * @param end of the thought
   */
  static Constraint afterThought(String end, Constraint shape) {
    return inOrder(
        new Constraint.FreeText(List.of(end)),
        literal(end),
        new Constraint.Regex("\\s{0,4}"),
        shape);
  }

  private static @Nullable Constraint literal(String text) {
    return text.isEmpty() ? null : new Constraint.Literal(text);
  }

  private static Constraint inOrder(@Nullable Constraint... parts) {
    List<Constraint> all = new ArrayList<>();
    for (Constraint part : parts) {
      if (part != null) {
        all.add(part);
      }
    }
    return all.size() == 1 ? all.getFirst() : new Constraint.Sequence(all);
  }
}
