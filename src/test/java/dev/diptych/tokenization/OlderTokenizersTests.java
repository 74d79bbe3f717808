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

/** Tokenizers without tokenizer.json beside transformers, and beside SentencePiece itself. */
class OlderTokenizersTests {

  private static final Path FOLDERS = Checkpoints.resource("older-tokenizers");

  static List<String> names() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDERS)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void textsHaveTheTokensOfTheReference(String name) throws IOException {
    try (Tokenizers tokenizers = new Tokenizers()) {
      Tokenizer tokenizer = tokenizers.open(FOLDERS.resolve(name));
      for (JsonNode item :
          Checkpoints.json(FOLDERS.resolve(name + "/reference.json")).get("cases")) {
        String text = item.get("text").stringValue();
        int[] ids = Checkpoints.ints(item.get("ids"));
        if (item.has("pair")) {
          Tokenizer.Encoding pair =
              tokenizer.encodePair(text, item.get("pair").stringValue(), true);
          assertThat(pair.ids()).isEqualTo(ids);
          assertThat(pair.typeIds()).isEqualTo(Checkpoints.ints(item.get("types")));
          continue;
        }
        assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids);
        assertThat(tokenizer.decode(ids, true)).isEqualTo(item.get("decoded").stringValue());
        Tokenizer.Encoding encoding = tokenizer.encodeWithOffsets(text, true);
        for (int i = 0; item.has("offsets") && i < ids.length; i++) {
          if (encoding.sequences()[i] == 0) {
            JsonNode offsets = item.get("offsets").get(i);
            assertThat(encoding.starts()[i])
                .isEqualTo(text.offsetByCodePoints(0, offsets.get(0).intValue()));
            assertThat(encoding.ends()[i])
                .isEqualTo(text.offsetByCodePoints(0, offsets.get(1).intValue()));
          }
        }
      }
    }
  }
}
