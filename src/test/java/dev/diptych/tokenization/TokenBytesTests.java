package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBytesTests {

  private static final String SENTENCE_PIECE =
      """
      {"version": "1.0",
       "added_tokens": [
         {"id": 6, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true},
         {"id": 7, "content": "<call>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": false}],
       "decoder": {"type": "Sequence", "decoders": [
         {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
         {"type": "ByteFallback"}, {"type": "Fuse"}]},
       "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true, "merges": ["\u2581 a"],
         "vocab": {"<unk>": 0, "\u2581": 1, "a": 2, "<0x0A>": 3, "\u2581a": 4, "\u00e9": 5}}}
      """;

  private final Tokenizers tokenizers = new Tokenizers();

  @TempDir Path folder;

  @AfterEach
  void close() {
    tokenizers.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied", "gpt2", "qwen2"})
  void theBytesOfATextsTokensAreTheText(String checkpoint) throws IOException {
    Tokenizer tokenizer = tokenizers.open(Checkpoints.folder(checkpoint));
    TokenBytes bytes = tokenizer.tokenBytes(tokenizer.vocabularySize());

    for (String text : new String[] {"{\"a\": [1, 2]}\n\t", "Grüße, 日本 😀\u00ad\u007f", "  a  b"}) {
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      for (int id : tokenizer.encode(text, false)) {
        joined.writeBytes(Objects.requireNonNull(bytes.of(id)));
      }
      assertThat(joined.toString(StandardCharsets.UTF_8)).isEqualTo(text);
    }
  }

  @Test
  void specialTokensAreNoText() throws IOException {
    Tokenizer tokenizer = tokenizers.open(Checkpoints.folder("llama-tied"));
    int end = tokenizer.id("<|im_end|>").orElseThrow();

    TokenBytes bytes = tokenizer.tokenBytes(tokenizer.vocabularySize() + 10);

    assertThat(bytes.of(end)).isNull();
    assertThat(bytes.special("<|im_end|>")).hasValue(end);
    assertThat(bytes.special("the")).isEmpty();
    assertThat(bytes.size()).isEqualTo(tokenizer.vocabularySize() + 10);
    assertThat(bytes.of(bytes.size() - 1)).isNull();
  }

  @Test
  void sentencePieceHasMarksForSpacesAndNamesForBytes() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), SENTENCE_PIECE);

    TokenBytes bytes = tokenizers.open(folder).tokenBytes(8);

    assertThat(bytes.of(1)).containsExactly(' ');
    assertThat(bytes.of(3)).containsExactly('\n');
    assertThat(bytes.of(4)).containsExactly(' ', 'a');
    assertThat(bytes.of(5)).containsExactly(0xC3, 0xA9);
    assertThat(bytes.of(6)).isNull();
    assertThat(new String(bytes.of(7), StandardCharsets.UTF_8)).isEqualTo("<call>");
  }
}
