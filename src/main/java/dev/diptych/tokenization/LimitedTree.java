package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.nio.file.Path;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds trees of the small parts of a JSON file, all of them together within a bound: as a tree, a
 * few bytes of text can take a hundred times as much memory.
 */
final class LimitedTree {

  /** Most values and names of a file that become trees; some 20 MB. */
  static final int MAX_TOKENS = 200_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Path file;
  private int left = MAX_TOKENS;

  LimitedTree(Path file) {
    this.file = file;
  }

  /** The value at which the parser stands. */
  JsonNode read(JsonParser parser) throws InvalidCheckpoint {
    JsonToken token = parser.currentToken();
    if (--left < 0) {
      throw new InvalidCheckpoint(
          "%s has more than %d values outside its vocabulary".formatted(file, MAX_TOKENS));
    }
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new InvalidCheckpoint("%s holds %s for a value".formatted(file, token));
    };
  }

  private ObjectNode object(JsonParser parser) throws InvalidCheckpoint {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      object.set(name, read(parser));
    }
    return object;
  }

  private ArrayNode array(JsonParser parser) throws InvalidCheckpoint {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(read(parser));
    }
    return array;
  }

  private static JsonNode integer(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      default -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }
}
