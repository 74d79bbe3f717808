package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class PostProcessorTests {

  private static final Path LLAMA = Checkpoints.folder("llama-tied");
  private static final int BEGINNING = 1;
  private static final int END = 2;

  private final Tokenizers tokenizers = new Tokenizers();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    tokenizers.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          LlamaTokenizerFast      | false | "add_bos_token": true                          | true  | false
          LlamaTokenizer          | false | "add_bos_token": true                          | true  | false
          LlamaTokenizerFast      | false | "x": 0                                         | true  | false
          LlamaTokenizerFast      | false | "add_bos_token": null                          | true  | false
          LlamaTokenizerFast      | true  | "add_bos_token": true                          | true  | false
          LlamaTokenizerFast      | true  | "add_bos_token": false                         | false | false
          LlamaTokenizer          | true  | "add_bos_token": false, "add_eos_token": true  | false | true
          LlamaTokenizer          | false | "add_eos_token": true                          | true  | true
          CodeLlamaTokenizerFast  | false | "x": 0                                         | true  | false
          GemmaTokenizer          | false | "x": 0                                         | true  | false
          GemmaTokenizerFast      | true  | "add_bos_token": false                         | false | false
          CohereTokenizerFast     | false | "x": 0                                         | true  | false
          GPTNeoXTokenizerFast    | true  | "x": 0                                         | false | false
          GPTNeoXTokenizerFast    | false | "add_bos_token": true                          | true  | false
          GPT2TokenizerFast       | false | "add_bos_token": true                          | false | false
          Qwen2TokenizerFast      | false | "add_bos_token": true                          | false | false
          PreTrainedTokenizerFast | true  | "add_bos_token": false                         | true  | false
          PreTrainedTokenizerFast | false | "add_bos_token": true                          | false | false
          TokenizersBackend       | true  | "add_bos_token": false                         | true  | false
          """)
  void addsTheTokensThatClassAndSettingsSayOnce(
      String type, boolean inDefinition, String settings, boolean beginning, boolean end)
      throws IOException {
    Tokenizer tokenizer = tokenizer(type, inDefinition, settings);
    int[] plain = tokenizer.encode("The cat sat", false);

    int[] expected = plain;
    if (beginning) {
      expected = new int[plain.length + 1];
      expected[0] = BEGINNING;
      System.arraycopy(plain, 0, expected, 1, plain.length);
    }
    if (end) {
      expected = Arrays.copyOf(expected, expected.length + 1);
      expected[expected.length - 1] = END;
    }
    assertThat(tokenizer.encode("The cat sat", true)).isEqualTo(expected);
  }

  @Test
  void aTextThatNamesTheTokenHasItTwiceAsInTransformers() throws IOException {
    Tokenizer tokenizer = tokenizer("LlamaTokenizer", false, "\"add_bos_token\": true");

    assertThat(tokenizer.encode("<|im_start|>The", true)).startsWith(BEGINNING, BEGINNING);
    assertThat(tokenizer.encode("<|im_start|>The", false)[0]).isEqualTo(BEGINNING);
    assertThat(tokenizer.encode("<|im_start|>The", false)[1]).isNotEqualTo(BEGINNING);
  }

  @Test
  void pairsHaveTheTokensAroundEach() throws IOException {
    Tokenizer tokenizer =
        tokenizer("LlamaTokenizer", false, "\"add_bos_token\": true, \"add_eos_token\": true");

    Tokenizer.Encoding pair = tokenizer.encodePair("a", "a", true);
    int letter = tokenizer.encode("a", false)[0];
    assertThat(pair.ids()).containsExactly(BEGINNING, letter, END, BEGINNING, letter, END);
    assertThat(pair.typeIds()).containsExactly(0, 0, 0, 1, 1, 1);
  }

  @Test
  void refusesATokenThatTheVocabularyLacksOnlyWhereItIsAskedFor() throws IOException {
    assertThatThrownBy(
            () ->
                tokenizer(
                    "LlamaTokenizer", false, "\"add_bos_token\": true, \"bos_token\": \"<other>\""))
        .isInstanceOf(InvalidCheckpoint.class)
        .hasMessageContaining(
            "asks for add_bos_token, but the vocabulary has no token \"<other>\"");

    Tokenizer unsaid = tokenizer("LlamaTokenizer", false, "\"bos_token\": \"<other>\"");
    assertThat(unsaid.encode("The", true)).isEqualTo(unsaid.encode("The", false));
    Tokenizer none = tokenizer("LlamaTokenizer", false, "\"bos_token\": null");
    assertThat(none.encode("The", true)).isEqualTo(none.encode("The", false));
  }

  private Tokenizer tokenizer(String type, boolean inDefinition, String settings)
      throws IOException {
    Path model = Files.createTempDirectory(folder, "model");
    ObjectNode definition = (ObjectNode) Checkpoints.json(LLAMA.resolve("tokenizer.json"));
    definition.set(
        "post_processor",
        Checkpoints.parsed(
            inDefinition
                ? """
                {"type": "TemplateProcessing",
                 "single": [{"SpecialToken": {"id": "<|im_start|>", "type_id": 0}},
                            {"Sequence": {"id": "A", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                          {"Sequence": {"id": "B", "type_id": 1}}],
                 "special_tokens": {"<|im_start|>":
                     {"id": "<|im_start|>", "ids": [1], "tokens": ["<|im_start|>"]}}}
                """
                : "null"));
    Files.writeString(model.resolve("tokenizer.json"), definition.toString());
    ObjectNode config =
        (ObjectNode)
            Checkpoints.parsed(
                "{\"bos_token\": \"<|im_start|>\", \"eos_token\": {\"content\": \"<|im_end|>\"}}");
    config.setAll((ObjectNode) Checkpoints.parsed("{" + settings + "}"));
    config.put("tokenizer_class", type);
    Files.writeString(model.resolve("tokenizer_config.json"), config.toString());
    return tokenizers.open(model);
  }
}
