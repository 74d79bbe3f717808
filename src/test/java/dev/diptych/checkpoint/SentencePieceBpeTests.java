package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SentencePieceBpeTests {

  private static final List<String> TOKENS =
      List.of("<unk>", "<s>", "</s>", "<0x41>", "▁ab", "ab", "▁a", "▁", "a", "b", "👍", "a👍");

  @TempDir Path folder;

  private JsonNode tokenizer(GgufFile file) throws IOException {
    Path path = file.write(folder.resolve("model.gguf"));
    GgufMetadata metadata = Gguf.read(path, _ -> true).metadata();
    return JsonMapper.shared().valueToTree(GgufTokenizer.read(metadata).tokenizer());
  }

  private static GgufFile llama(float... scores) {
    return new GgufFile()
        .text("tokenizer.ggml.model", "llama")
        .texts("tokenizer.ggml.tokens", TOKENS)
        .wholes("tokenizer.ggml.token_type", 2, 3, 3, 6, 1, 1, 1, 1, 1, 1, 1, 1)
        .reals("tokenizer.ggml.scores", scores)
        .whole("tokenizer.ggml.bos_token_id", 1)
        .whole("tokenizer.ggml.eos_token_id", 2)
        .whole("tokenizer.ggml.unknown_token_id", 0);
  }

  private static GgufFile llama() {
    return llama(0, 0, 0, 0, -2, -1, -3, -4, -5, -6, -7, -8);
  }

  @Test
  void turnsScoresIntoMerges() throws IOException {
    JsonNode model = tokenizer(llama()).get("model");

    assertThat(model.get("merges").toString())
        .isEqualTo("[[\"a\",\"b\"],[\"▁a\",\"b\"],[\"▁\",\"ab\"],[\"▁\",\"a\"],[\"a\",\"👍\"]]");
    assertThat(model.get("byte_fallback").asBoolean()).isTrue();
    assertThat(model.get("unk_token").asString()).isEqualTo("<unk>");
    assertThat(model.get("vocab").size()).isEqualTo(TOKENS.size());
  }

  @Test
  void putsTheBeginningBeforeATextUnlessTold() throws IOException {
    assertThat(tokenizer(llama()).at("/post_processor/single").toString())
        .isEqualTo(
            "[{\"SpecialToken\":{\"id\":\"<s>\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}]");
    assertThat(tokenizer(llama().flag("tokenizer.ggml.add_bos_token", false)).has("post_processor"))
        .isFalse();
  }

  @Test
  void prependsASpaceUnlessTold() throws IOException {
    assertThat(tokenizer(llama()).at("/normalizer/normalizers/0/type").asString())
        .isEqualTo("Prepend");
    assertThat(
            tokenizer(llama().flag("tokenizer.ggml.add_space_prefix", false))
                .at("/normalizer/normalizers/0/type")
                .asString())
        .isEqualTo("Replace");
  }

  @Test
  void refusesListsThatDoNotFitTogether() {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> tokenizer(llama(1, 2)))
        .withMessageContainingAll("12 tokens", "2 scores");
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> tokenizer(llama().whole("tokenizer.ggml.padding_token_id", 12)))
        .withMessageContainingAll("padding_token_id is 12", "12 tokens");
  }
}
