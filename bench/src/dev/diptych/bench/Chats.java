package dev.diptych.bench;

import java.util.List;
import java.util.Map;

/** Requests to the instructed model, some of whose answers repeat their prompts. */
final class Chats {

  /** About as many tokens as the prompts have. */
  static final int PROMPT = 150;

  /** A shape of answers that are long enough. */
  static final Map<String, ?> SCHEMA =
      Map.of(
          "type",
          "array",
          "minItems",
          100,
          "items",
          Map.of(
              "type",
              "object",
              "properties",
              Map.of(
                  "name",
                  Map.of("type", "string", "maxLength", 20),
                  "legs",
                  Map.of("type", "integer", "minimum", 0, "maximum", 8)),
              "required",
              List.of("name", "legs"),
              "additionalProperties",
              false));

  private static final String TEXT =
      """
      The lighthouse at the northern end of the island was built in 1874 by fishermen who had lost \
      three boats in one winter. Its lamp burned oil from seals and later paraffin, and a keeper \
      carried the cans up one hundred and twelve steps every evening. In 1931 the first electric \
      lamp was installed, which could be seen from twenty miles away. The last keeper left in 1968, \
      and since then a small museum in the tower shows his logbooks, his tools and a model of the \
      harbour.\
      """;

  private static final String CODE =
      """
      def total_price(items, discount):
          total = 0
          for item in items:
              price = item.price * item.quantity
              if item.category in discount:
                  price = price - price * discount[item.category]
              total = total + price
          if total < 0:
              total = 0
          return total
      """;

  private Chats() {}

  /** One work for each kind of request. */
  static List<Workload> all(int newTokens) {
    return List.of(
        chat("a story", "Tell me a story about a fox and an old clock.", newTokens),
        chat("a summary", "Summarise this text in a few sentences:\n\n" + TEXT, newTokens),
        chat("edited code", "Rename the variable total to result:\n\n" + CODE, newTokens),
        chat("a repeated text", "Repeat this text word for word:\n\n" + TEXT, newTokens));
  }

  private static Workload chat(String what, String request, int newTokens) {
    return new Workload.Chat(
        "decode, 1 stream, " + what,
        "<|im_start|>user\n" + request + "<|im_end|>\n<|im_start|>assistant\n",
        newTokens);
  }
}
