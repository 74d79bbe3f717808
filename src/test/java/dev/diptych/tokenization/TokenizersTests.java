package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.ModelUnavailable;
import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TokenizersTests {

  private static final Tokenizers TOKENIZERS = new Tokenizers();

  @TempDir Path folder;

  @AfterAll
  static void close() {
    TOKENIZERS.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta"})
  void encodesTheTextsOfEncodersAsTransformersDoes(String checkpoint) throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder(checkpoint));

    for (JsonNode reference : cases(checkpoint)) {
      String text = reference.path("text").stringValue();
      assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids(reference));
      assertThat(tokenizer.encodeWithOffsets(text, true).ids()).isEqualTo(ids(reference));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta"})
  void decodesPredictedTokensAsTransformersDoes(String checkpoint) throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder(checkpoint));

    for (JsonNode reference : cases(checkpoint)) {
      for (JsonNode mask : reference.path("masks")) {
        assertThat(tokenizer.maskId()).hasValue(ids(reference)[mask.path("position").intValue()]);
        for (JsonNode top : mask.path("top5")) {
          assertThat(tokenizer.decode(new int[] {top.path("token").intValue()}, false))
              .isEqualTo(top.path("token_str").stringValue());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama-tied", "llama-untied", "llama3-rope"})
  void encodesAndDecodesTheTextsOfDecodersAsTransformersDoes(String checkpoint) throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder(checkpoint));

    for (JsonNode reference : cases(checkpoint)) {
      String text = reference.path("text").stringValue();
      assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids(reference));
      assertThat(tokenizer.decode(ids(reference), true)).isEqualTo(text);
      assertThat(tokenizer.decode(Checkpoints.ints(reference.path("greedy_ids")), true))
          .isEqualTo(reference.path("greedy_text").stringValue());
    }
  }

  @Test
  void neitherCutsNorPadsWhereTheFileAsksForBoth() throws IOException {
    Files.copy(
        Checkpoints.resource("tokenizers/all-minilm-l6-v2.json"), folder.resolve("tokenizer.json"));
    Tokenizer tokenizer = TOKENIZERS.open(folder);

    for (JsonNode text :
        Checkpoints.json(Checkpoints.resource("golden/all-minilm-l6-v2.json")).path("texts")) {
      if (text.path("text").isString()) {
        assertThat(tokenizer.encode(text.path("text").stringValue(), true))
            .isEqualTo(Checkpoints.ints(text.path("ids")));
      }
    }
    assertThat(tokenizer.encode("cat ".repeat(5000), true)).hasSize(5002);
    assertThat(tokenizer.encode("cat", true)).hasSize(3);
    assertThat(tokenizer.encodeWithOffsets("cat ".repeat(5000), true).ids()).hasSize(5002);
    assertThat(tokenizer.maskId()).hasValue(103);
    assertThat(tokenizer.paddingId()).hasValue(0);
    assertThat(tokenizer.vocabularySize()).isEqualTo(30522);
  }

  @Test
  void sharesOneTokenizerPerFolder() throws IOException {
    Path direct = Checkpoints.folder("bert");

    assertThat(TOKENIZERS.open(direct))
        .isSameAs(TOKENIZERS.open(direct.resolve("../bert")))
        .isNotSameAs(TOKENIZERS.open(Checkpoints.folder("gpt2")));
  }

  @Test
  void givesOffsetsInUtf16Units() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("bert"));
    String text = "😀 The 😀 cat";

    Tokenizer.Encoding encoding = tokenizer.encodeWithOffsets(text, true);

    int last = encoding.ids().length - 1;
    assertThat(encoding.starts()[0]).isEqualTo(-1);
    assertThat(encoding.ends()[last]).isEqualTo(-1);
    assertThat(encoding.starts()[1]).isZero();
    assertThat(encoding.ends()[1]).isEqualTo(2);
    assertThat(encoding.ends()[last - 1]).isEqualTo(text.length());
    assertThat(text.substring(encoding.starts()[2], encoding.ends()[2])).startsWith("T");
  }

  @Test
  void givesNoSegmentsWhereTheClassTellsItsModelNone() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("bert")); // TokenizersBackend

    assertThat(tokenizer.encodePair("The cat", "the mat", true).typeIds()).containsOnly(0);
  }

  @Test
  void tellsTheSegmentsOfAPairApart() throws IOException {
    Tokenizer tokenizer =
        TOKENIZERS.open(Checkpoints.withClass(Checkpoints.folder("bert"), folder, "BertTokenizer"));
    int[] first = tokenizer.encode("The cat", false);
    int[] second = tokenizer.encode("😀 the mat", false);

    Tokenizer.Encoding pair = tokenizer.encodePair("The cat", "😀 the mat", true);

    assertThat(pair.ids()).hasSize(first.length + second.length + 3);
    assertThat(IntStream.of(pair.typeIds()).sum()).isEqualTo(second.length + 1);
    assertThat(pair.starts()[first.length + 2]).isZero();
    assertThat(pair.ends()[first.length + 2]).isEqualTo(2);
    assertThat(pair.ends()[pair.ids().length - 2]).isEqualTo("😀 the mat".length());
  }

  @Test
  void leavesOutIdsThatAreNotInTheVocabulary() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("gpt2"));
    int[] cat = tokenizer.encode(" cat", false);
    int[] mixed = {-1, cat[0], Integer.MAX_VALUE, Integer.MIN_VALUE, tokenizer.vocabularySize()};

    assertThat(tokenizer.decode(mixed, false))
        .isEqualTo(tokenizer.decode(new int[] {cat[0]}, false));
    assertThat(tokenizer.decode(new int[0], false)).isEmpty();
    assertThat(tokenizer.token(-1)).isNull();
    assertThat(tokenizer.token(tokenizer.vocabularySize())).isNull();
    assertThat(tokenizer.isSpecial(-1)).isFalse();
  }

  @Test
  void readsTheVocabularyAndItsSpecialTokens() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("llama-tied"));

    assertThat(tokenizer.id("<|im_end|>")).hasValue(2);
    assertThat(tokenizer.token(2)).isEqualTo("<|im_end|>");
    assertThat(tokenizer.isSpecial(2)).isTrue();
    assertThat(tokenizer.isSpecial(3)).isFalse();
    assertThat(tokenizer.paddingId()).hasValue(2);
    assertThat(tokenizer.maskId()).isEmpty();
    assertThat(tokenizer.id("no such token")).isEmpty();
    assertThat(tokenizer.decode(new int[] {1, 2}, true)).isEmpty();
    assertThat(tokenizer.decode(new int[] {1, 2}, false)).isEqualTo("<|im_start|><|im_end|>");
    assertThat(tokenizer.encode("<|im_end|>", false)).containsExactly(2);
    assertThat(tokenizer.specialTokensPerText()).isZero();
    assertThat(TOKENIZERS.open(Checkpoints.folder("bert")).specialTokensPerText()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "gpt2", "roberta"})
  void survivesHostileTexts(String checkpoint) throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder(checkpoint));
    List<String> texts =
        List.of("", "\0", "a\uD83Db", "\uDE00 \uD83D", "x".repeat(10_000), "word ".repeat(200_000));

    for (String text : texts) {
      assertThat(tokenizer.encode(text, true).length).isLessThan(2_000_000);
    }
    assertThat(tokenizer.encodeWithOffsets("a\uD83Db😀", true).ids())
        .isEqualTo(tokenizer.encode("a\uFFFDb😀", true));
  }

  @Test
  void keepsEveryByteOfAByteLevelText() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("gpt2"));
    String text = "\0 a , b . n't 😀 日本\uFFFD\r\n\t ";

    assertThat(tokenizer.decode(tokenizer.encode(text, false), true)).isEqualTo(text);
  }

  @Test
  void waitsForRunningCallsBeforeClosing() throws Exception {
    Tokenizers tokenizers = new Tokenizers();
    Tokenizer tokenizer = tokenizers.open(Checkpoints.folder("gpt2"));
    CountDownLatch running = new CountDownLatch(2);
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<String>> outcomes =
          IntStream.range(0, 2)
              .mapToObj(i -> threads.submit(() -> encodeUntilClosed(tokenizer, running)))
              .toList();
      running.await();
      tokenizers.close();
      for (Future<String> outcome : outcomes) {
        assertThat(outcome.get()).isEqualTo("the model was unloaded");
      }
    }
    assertThatThrownBy(() -> tokenizers.open(Checkpoints.folder("gpt2")))
        .isInstanceOf(IllegalStateException.class);
  }

  private static String encodeUntilClosed(Tokenizer tokenizer, CountDownLatch running) {
    int[] expected = tokenizer.encode("The cat sat", false);
    running.countDown();
    try {
      while (true) {
        assertThat(tokenizer.encode("The cat sat", false)).isEqualTo(expected);
      }
    } catch (ModelUnavailable e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    assertRefused(folder.resolve("absent"), "there is no folder");
    assertRefused(folder, "has no tokenizer.json");
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"BertTokenizer\"}");
    assertRefused(folder, "no vocab.txt, which a BertTokenizer needs");
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"OtherTokenizer\"}");
    assertRefused(folder, "'OtherTokenizer' cannot be converted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":99999999},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":\"b\"},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":[0]},\"merges\":[]}}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[\"a\"],\"unk_id\":0}}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0,0]],\"unk_id\":0}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"model\":{}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}{}",
        "{\"model\":{\"type\":\"Unheard\",\"vocab\":{\"a\":0}}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"b c\"]}}",
      })
  void refusesABrokenDefinition(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json);

    assertRefused(folder, "tokenizer.json");
  }

  @Test
  void refusesATooLargeDefinitionBeforeReadingIt() throws IOException {
    try (var file = new RandomAccessFile(folder.resolve("tokenizer.json").toFile(), "rw")) {
      file.setLength(TokenizerContent.MAX_BYTES + 1);
    }

    assertRefused(folder, "more than the limit of " + TokenizerContent.MAX_BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "normalizer", "model"})
  void refusesDeeplyNestedJson(String member) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"%s\":%s".formatted(member, "{\"\":".repeat(1000)));

    assertRefused(folder, "nesting depth");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "normalizer",
        "pre_tokenizer",
        "post_processor",
        "decoder",
        "tokenizer_config.json"
      })
  void refusesMoreThanSmallTrees(String part) throws IOException {
    String wide = "[0%s]".formatted(",[]".repeat(LimitedTree.MAX_TOKENS));
    Files.copy(
        Checkpoints.folder("bert").resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    Path file = part.endsWith(".json") ? folder.resolve(part) : folder.resolve("tokenizer.json");
    Files.writeString(
        file,
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"%s\":%s}"
            .formatted(part, wide));

    assertRefused(folder, "more than 200000 values outside its vocabulary");
  }

  @Test
  void passesOverWhatIsNotRead() throws IOException {
    Path bert = Checkpoints.folder("bert");
    String unread = "{\"x\":[0%s],".formatted(",[]".repeat(LimitedTree.MAX_TOKENS));
    String definition = Files.readString(bert.resolve("tokenizer.json")).strip();
    Files.writeString(folder.resolve("tokenizer.json"), unread + definition.substring(1));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        unread.replace("\"x\"", "\"added_tokens_decoder\"") + "\"mask_token\":\"[MASK]\"}");

    assertThat(TOKENIZERS.open(folder).encode("The cat sat.", true))
        .isEqualTo(TOKENIZERS.open(bert).encode("The cat sat.", true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"vocab\":{\"a\":0,\"b\":1,\"##b\":2},\"merges\":[\"a ##b\",\"a"
            + " b\"],\"continuing_subword_prefix\":\"##\"",
        "\"vocab\":{\"a\":0,\"b\":1,\"##b\":2},\"merges\":[[\"a\",\"b\"]],\"continuing_subword_prefix\":\"##\"",
        "\"vocab\":{\"a\\ud800\":0}",
        "\"vocab\":[[\"\\ud800a\",0]]",
        "\"vocab\":{\"a\":0},\"merges\":[\"a \\udc00\"]",
        "\"vocab\":{\"a\":0},\"merges\":[[\"\\udc00\",\"a\"]]",
        "\"vocab\":{\"a\":0},\"unk_token\":\"\\udc00\""
      })
  void refusesWhatWouldEndTheProcess(String model) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"model\":{\"type\":\"BPE\",%s}}".formatted(model));

    assertThatExceptionOfType(InvalidCheckpoint.class).isThrownBy(() -> TOKENIZERS.open(folder));
  }

  @Test
  void refusesMergesThatAreNoPairs() throws IOException {
    for (String merge : List.of("[\"a\"]", "[\"a\",\"b\",\"c\"]", "[[]]", "{}", "1")) {
      Files.writeString(
          folder.resolve("tokenizer.json"),
          "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[%s]}}".formatted(merge));

      assertRefused(folder, "has a merge that is");
    }
  }

  private static void assertRefused(Path folder, String message) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> TOKENIZERS.open(folder))
        .withMessageContaining(message);
  }

  private static JsonNode cases(String checkpoint) {
    return Checkpoints.json(Checkpoints.folder(checkpoint).resolve("reference.json")).path("cases");
  }

  private static int[] ids(JsonNode reference) {
    return Checkpoints.ints(reference.path("input_ids"));
  }
}
