package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OlderTokenizerTests {

  private static final Path GOOD = Path.of("src/test/resources/older-tokenizers");

  @TempDir private Path folder;

  private void copy(String name) throws IOException {
    try (Stream<Path> files = Files.list(GOOD.resolve(name))) {
      for (Path file : files.toList()) {
        Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private JsonNode json() throws IOException {
    return JsonMapper.shared().readTree(OlderTokenizer.json(folder));
  }

  private void isRefused(String... message) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> OlderTokenizer.json(folder))
        .withMessageContainingAll(message);
  }

  @Test
  void theClassOfTheSettingsGoesBeforeThatOfTheModel() throws IOException {
    copy("bert-uncased");
    write("config.json", "{\"model_type\": \"roberta\"}");
    isRefused("no vocab.json", "RobertaTokenizer");
    write("tokenizer_config.json", "{\"tokenizer_class\": \"BertTokenizerFast\"}");
    assertThat(json().at("/model/type").stringValue()).isEqualTo("WordPiece");
  }

  @Test
  void aClassThatSaysNothingLeavesItToTheModel() throws IOException {
    copy("bert-uncased");
    write("tokenizer_config.json", "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}");
    assertThat(json().at("/model/type").stringValue()).isEqualTo("WordPiece");
  }

  @Test
  void whatCannotBeConvertedIsRefusedByName() throws IOException {
    isRefused("nothing says which tokenizer");
    write("tokenizer_config.json", "{\"tokenizer_class\": \"XLNetTokenizer\"}");
    isRefused("'XLNetTokenizer'", "AlbertTokenizer", "XLMRobertaTokenizer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bert-uncased | tokenizer_config.json | {\"do_lower_case\": 1} | do_lower_case",
        "bert-uncased | tokenizer_config.json | {\"do_basic_tokenize\": false} | do_basic_tokenize",
        "bert-uncased | tokenizer_config.json | {\"cls_token\": 3} | special token",
        "bert-uncased | tokenizer_config.json | {\"cls_token\": null} | cls_token",
        "bert-uncased | tokenizer_config.json | [] | JSON object",
        "bert-uncased | added_tokens.json | {\"new\": -1} | id",
        "bert-uncased | added_tokens.json | {\"new\": 99999999} | id",
        "bert-uncased | added_tokens.json | {\"cat\": 3} | 'cat'",
        "bert-uncased | vocab.txt | same | same",
        "gpt2 | merges.txt | one | one",
        "gpt2 | merges.txt | one two three | one two three",
        "gpt2 | vocab.json | {\"a\": \"0\"} | id",
        "gpt2 | vocab.json | {\"a\": -1} | id",
        "gpt2 | vocab.json | { | JSON",
        "llama | tokenizer.model | no protobuf | tokenizer.model"
      })
  void brokenFilesAreRefused(String name, String file, String content, String message)
      throws IOException {
    copy(name);
    write(file, content.equals("same") ? "same\nsame\n" : content);
    isRefused(message);
  }

  @Test
  void mergesAreNeeded() throws IOException {
    copy("gpt2");
    Files.delete(folder.resolve("merges.txt"));
    isRefused("has no merges.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LlamaTokenizer", "GemmaTokenizer"})
  void aModelOfUnigramsIsNoneOfBytePairs(String type) throws IOException {
    copy("camembert");
    Files.move(folder.resolve("sentencepiece.bpe.model"), folder.resolve("tokenizer.model"));
    write("tokenizer_config.json", "{\"tokenizer_class\": \"%s\"}".formatted(type));
    isRefused("unigrams");
  }

  @Test
  void aModelOfBytePairsIsNoneOfUnigrams() throws IOException {
    copy("llama");
    Files.move(folder.resolve("tokenizer.model"), folder.resolve("spm.model"));
    write("tokenizer_config.json", "{\"tokenizer_class\": \"DebertaV2Tokenizer\"}");
    isRefused("byte pairs");
  }

  @Test
  void aModelThatEndsTooEarlyIsRefused() throws IOException {
    copy("albert");
    byte[] model = Files.readAllBytes(folder.resolve("spiece.model"));
    Files.write(folder.resolve("spiece.model"), Arrays.copyOf(model, model.length / 2));
    isRefused("spiece.model");
    Files.write(folder.resolve("spiece.model"), new byte[0]);
    isRefused("0 pieces");
  }
}
