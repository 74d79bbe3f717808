package dev.diptych.startup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One fault in a file, which a seeded generator chooses. */
final class Mutation {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final List<JsonNode> VALUES =
      List.of(
          NODES.nullNode(),
          NODES.booleanNode(true),
          NODES.booleanNode(false),
          NODES.numberNode(-1),
          NODES.numberNode(0),
          NODES.numberNode(1),
          NODES.numberNode(7),
          NODES.numberNode(65_536),
          NODES.numberNode(Integer.MAX_VALUE),
          NODES.numberNode(Integer.MIN_VALUE),
          NODES.numberNode(1L << 32),
          NODES.numberNode(Long.MAX_VALUE),
          NODES.numberNode(Long.MIN_VALUE),
          NODES.numberNode(new java.math.BigInteger("9".repeat(300))),
          NODES.numberNode(0.5),
          NODES.numberNode(-1e-300),
          NODES.numberNode(1e308),
          NODES.stringNode(""),
          NODES.stringNode("x".repeat(10_000)),
          NODES.stringNode("\ud800\u0000"),
          NODES.stringNode("../../etc/passwd"),
          NODES.stringNode("12"),
          NODES.arrayNode(),
          NODES.objectNode(),
          nested(100),
          nested(900),
          many(20_000));

  private final Random random;

  Mutation(Random random) {
    this.random = random;
  }

  /** Flips bits, cuts, lengthens, moves, or overwrites a number. */
  byte[] ofBytes(byte[] file) {
    byte[] bytes = file.clone();
    if (bytes.length < 8) {
      return new byte[random.nextInt(100)];
    }
    int at = position(bytes.length);
    switch (random.nextInt(6)) {
      case 0 -> {
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
          bytes[position(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> bytes = Arrays.copyOf(bytes, at);
      case 2 -> {
        bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(1000));
        for (int i = file.length; i < bytes.length; i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
      case 3 -> {
        int length = random.nextInt(Math.min(64, bytes.length - at));
        System.arraycopy(file, at, bytes, position(bytes.length - length), length);
      }
      case 4 -> number(bytes, Math.min(at, bytes.length - 8));
      default -> {
        int length = random.nextInt(Math.min(64, bytes.length - at));
        bytes = new byte[file.length - length];
        System.arraycopy(file, 0, bytes, 0, at);
        System.arraycopy(file, at + length, bytes, at, file.length - at - length);
      }
    }
    return bytes;
  }

  /* Headers are short, and what they say matters most. */
  private int position(int length) {
    return random.nextInt(random.nextBoolean() ? length : Math.min(length, 4096));
  }

  private void number(byte[] bytes, int at) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] values = {0, 1, -1, Integer.MAX_VALUE, 1L << 32, 1L << 40, Long.MAX_VALUE, 1L << 62};
    long value = values[random.nextInt(values.length)];
    if (random.nextBoolean()) {
      buffer.putInt(at, (int) value);
    } else {
      buffer.putLong(at, value);
    }
  }

  /** Replaces, removes, adds or renames something somewhere in a JSON document. */
  byte[] ofJson(byte[] file) {
    JsonNode root = JSON.readTree(file);
    JsonNode parent = root;
    boolean outermost = true;
    while (random.nextInt(4) > 0) {
      List<JsonNode> containers =
          parent.valueStream().filter(node -> node.isContainer() && !node.isEmpty()).toList();
      if (containers.isEmpty()) {
        break;
      }
      parent = containers.get(random.nextInt(containers.size()));
      outermost = false;
    }
    if (random.nextInt(50) == 0) {
      return JSON.writeValueAsBytes(value());
    }
    if (parent instanceof ObjectNode object) {
      return ofObject(root, object, outermost);
    }
    if (parent instanceof ArrayNode array && !array.isEmpty()) {
      int at = random.nextInt(array.size());
      switch (random.nextInt(3)) {
        case 0 -> array.remove(at);
        case 1 -> array.add(value());
        default -> array.set(at, value(array.get(at)));
      }
    }
    return JSON.writeValueAsBytes(root);
  }

  private byte[] ofObject(JsonNode root, ObjectNode object, boolean outermost) {
    List<String> names = new ArrayList<>(object.propertyNames());
    if (names.isEmpty()) {
      return JSON.writeValueAsBytes(root);
    }
    String name = names.get(random.nextInt(names.size()));
    switch (random.nextInt(8)) {
      case 0 -> object.remove(name);
      case 1 -> {
        JsonNode value = object.remove(name);
        object.set(name + "x", value);
      }
      case 2 -> object.set(names.get(random.nextInt(names.size())), object.get(name).deepCopy());
      case 3 -> {
        String twice = "{%s:%s,".formatted(JSON.writeValueAsString(name), value());
        String text = JSON.writeValueAsString(root);
        return (outermost ? twice + text.substring(1) : text + twice).getBytes(UTF_8);
      }
      default -> object.set(name, value(object.get(name)));
    }
    return JSON.writeValueAsBytes(root);
  }

  private JsonNode value() {
    return VALUES.get(random.nextInt(VALUES.size()));
  }

  /* A number often becomes another number, which is believed more readily. */
  private JsonNode value(JsonNode old) {
    if (!old.isNumber() || random.nextBoolean()) {
      return value();
    }
    long[] factors = {-1, 2, 3, 1000, 1 << 20, 1L << 33};
    return switch (random.nextInt(3)) {
      case 0 -> NODES.numberNode(old.asLong(0) * factors[random.nextInt(factors.length)]);
      case 1 -> NODES.numberNode(old.asLong(0) + random.nextInt(-2, 3));
      default -> NODES.numberNode(random.nextInt(1 << random.nextInt(1, 31)));
    };
  }

  private static JsonNode nested(int depth) {
    JsonNode node = NODES.numberNode(0);
    for (int i = 0; i < depth; i++) {
      node = i % 2 == 0 ? NODES.arrayNode().add(node) : NODES.objectNode().set("a", node);
    }
    return node;
  }

  private static JsonNode many(int count) {
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < count; i++) {
      array.add(i);
    }
    return array;
  }
}
