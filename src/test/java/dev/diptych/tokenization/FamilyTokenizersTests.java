package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tokenizer of every family beside what transformers makes of the same texts and tokens. */
class FamilyTokenizersTests {

  private static final Path FAMILIES = Path.of("src/test/resources/families");

  static List<String> families() throws IOException {
    try (Stream<Path> folders = Files.list(FAMILIES)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  private static JsonNode cases(String family) {
    return new JsonMapper()
        .readTree(FAMILIES.resolve(family).resolve("reference.json").toFile())
        .get("cases");
  }

  private static int[] ints(JsonNode list) {
    return list.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  @ParameterizedTest
  @MethodSource("families")
  void textsAndPairsHaveTheTokensOfTransformers(String family) throws IOException {
    try (Tokenizers tokenizers = new Tokenizers()) {
      Tokenizer tokenizer = tokenizers.open(FAMILIES.resolve(family));
      for (JsonNode item : cases(family)) {
        String text = item.get("text").stringValue();
        JsonNode pair = item.path("pair");
        int[] ids =
            pair.isString()
                ? tokenizer.encodePair(text, pair.stringValue(), true).ids()
                : tokenizer.encode(text, true);
        assertThat(ids).as(text).isEqualTo(ints(item.get("input_ids")));
        if (!pair.isString()) {
          assertThat(tokenizer.encodeWithOffsets(text, true).ids()).as(text).isEqualTo(ids);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void tokensHaveTheTextOfTransformers(String family) throws IOException {
    try (Tokenizers tokenizers = new Tokenizers()) {
      Tokenizer tokenizer = tokenizers.open(FAMILIES.resolve(family));
      for (JsonNode item : cases(family)) {
        if (item.has("greedy_ids")) {
          assertThat(tokenizer.decode(ints(item.get("greedy_ids")), true))
              .isEqualTo(item.get("greedy_text").stringValue());
        }
        for (JsonNode mask : item.path("masks")) {
          for (JsonNode top : mask.get("top5")) {
            assertThat(tokenizer.decode(new int[] {top.get("token").intValue()}, false))
                .isEqualTo(top.get("token_str").stringValue());
          }
        }
      }
    }
  }
}
