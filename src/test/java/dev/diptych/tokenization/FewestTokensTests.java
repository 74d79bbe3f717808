package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Beside the tokenizers themselves. */
class FewestTokensTests {

  private static final Tokenizers TOKENIZERS = new Tokenizers();
  private static final String ODD = "\u00ad\u0301\u3000\u00e9\uac00\u4e00\u00a0\t\n'_<=0Zz";

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    TOKENIZERS.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bert", "distilbert", "roberta", "gpt2", "llama-tied", "llama3-rope", "qwen2"})
  void isNeverMoreThanTheTokensOfTheText(String checkpoint) throws IOException {
    assertNeverMore(TOKENIZERS.open(Checkpoints.folder(checkpoint)), checkpoint.hashCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"NFC\"}",
        "{\"type\":\"NFKC\"}",
        "{\"type\":\"Lowercase\"}",
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"\"}",
        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFD\"},{\"type\":\"StripAccents\"}]}"
      })
  void isNeverMoreWhereANormalizerShrinksTheText(String normalizer) throws IOException {
    assertNeverMore(with("normalizer", normalizer), normalizer.hashCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"Whitespace\"}",
        "{\"type\":\"Split\",\"pattern\":{\"String\":\"a\"},\"behavior\":\"Removed\",\"invert\":false}",
        "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\"a\"}"
      })
  void isNeverMoreWhereAPreTokenizerDropsText(String preTokenizer) throws IOException {
    assertNeverMore(with("pre_tokenizer", preTokenizer), preTokenizer.hashCode());
  }

  @Test
  void isNeverMoreWhereTheVocabularyLacksBytes() throws IOException {
    ObjectNode definition =
        (ObjectNode) Checkpoints.json(Checkpoints.folder("gpt2").resolve("tokenizer.json"));
    ObjectNode vocabulary = (ObjectNode) definition.path("model").path("vocab");
    vocabulary.remove("\u0143"); // of the soft hyphen
    vocabulary.remove("\u0109"); // the tab
    Files.writeString(folder.resolve("tokenizer.json"), definition.toString());
    Tokenizer tokenizer = TOKENIZERS.open(folder);

    assertNeverMore(tokenizer, 3);
    assertThat(tokenizer.fewestTokens("\t".repeat(1000))).isZero();
    assertThat(tokenizer.fewestTokens("\ud83d\ude00".repeat(1000))).isGreaterThan(100);
  }

  private static void assertNeverMore(Tokenizer tokenizer, int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      String text = text(random, tokenizer);
      assertThat(tokenizer.fewestTokens(text))
          .as("'%s'", text)
          .isLessThanOrEqualTo(tokenizer.encode(text, false).length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta", "gpt2", "qwen2"})
  void cutsLeaveTheTokensAsTheyAre(String checkpoint) throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder(checkpoint));
    Random random = new Random(7);
    int cuts = 0;
    for (int i = 0; i < 1_000; i++) {
      String text =
          text(random, tokenizer) + " a b" + text(random, tokenizer) + text(random, tokenizer);
      int[] all = tokenizer.encode(text, false);
      int wanted = 1 + random.nextInt(10);
      String beginning = tokenizer.beginning(text, wanted);
      String ending = tokenizer.ending(text, wanted);
      int[] first = tokenizer.encode(beginning, false);
      int[] last = tokenizer.encode(ending, false);
      int kept = Math.min(wanted, all.length);
      cuts += beginning.length() < text.length() || ending.length() < text.length() ? 1 : 0;

      assertThat(Arrays.copyOf(first, kept)).as("'%s'", text).isEqualTo(Arrays.copyOf(all, kept));
      assertThat(Arrays.copyOfRange(last, last.length - kept, last.length))
          .as("'%s'", text)
          .isEqualTo(Arrays.copyOfRange(all, all.length - kept, all.length));
    }
    assertThat(cuts).isGreaterThan(500);
  }

  @ParameterizedTest
  @CsvSource({"a, 13", "ab, 13", "1, 4", "\u4e00, 2", "' ', 3", "\ud83d\ude00, 3", "_, 16"})
  void longTextsOfOneCharacterHaveManyTokensWhereNoneIsDropped(String character, int perToken)
      throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("gpt2"));
    String text = character.repeat(100_000);

    assertThat(tokenizer.fewestTokens(text))
        .isBetween(text.length() / perToken - 1, text.length() * 4);
    assertThat(tokenizer.beginning(text, 10).length()).isLessThan(20_000);
    assertThat(tokenizer.ending(text, 10).length()).isLessThan(20_000);
    assertThat(Arrays.copyOf(tokenizer.encode(tokenizer.beginning(text, 10), false), 10))
        .isEqualTo(Arrays.copyOf(tokenizer.encode(text.substring(0, 30_000), false), 10));
  }

  @Test
  void wordsAreOneTokenAtLeast() throws IOException {
    Tokenizer bert = TOKENIZERS.open(Checkpoints.folder("bert"));

    assertThat(bert.fewestTokens("cat ".repeat(1000))).isEqualTo(1000);
    assertThat(bert.fewestTokens("a".repeat(1000))).isEqualTo(1);
    assertThat(bert.fewestTokens("\u732b".repeat(1000))).isEqualTo(1000);
    assertThat(bert.fewestTokens("-".repeat(1000))).isBetween(400, 1000);
    assertThat(bert.fewestTokens("\u00ad".repeat(1000))).isZero();
  }

  private Tokenizer with(String part, String json) throws IOException {
    ObjectNode definition =
        (ObjectNode) Checkpoints.json(Checkpoints.folder("gpt2").resolve("tokenizer.json"));
    definition.set(part, Checkpoints.parsed(json));
    Files.writeString(folder.resolve("tokenizer.json"), definition.toString());
    return TOKENIZERS.open(folder);
  }

  /* Entries of the vocabulary and characters that normalizers treat in their own ways. */
  private static String text(Random random, Tokenizer tokenizer) {
    StringBuilder text = new StringBuilder();
    int parts = random.nextInt(30);
    for (int i = 0; i < parts; i++) {
      String token = tokenizer.token(random.nextInt(tokenizer.vocabularySize()));
      String piece =
          switch (random.nextInt(5)) {
            case 0 -> String.valueOf(ODD.charAt(random.nextInt(ODD.length())));
            case 1 -> " ".repeat(random.nextInt(4));
            case 2 -> "\ud83d\ude00";
            default -> token == null ? "" : token.replace("##", "").replace('\u0120', ' ');
          };
      text.append(piece.repeat(random.nextInt(8) == 0 ? 1 + random.nextInt(40) : 1));
    }
    return text.toString();
  }
}
