package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.TextPairs.Kept;
import dev.diptych.tokenization.TextPairs.Truncation;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TextPairsTests {

  private static final Tokenizers TOKENIZERS = new Tokenizers();
  private static final int CHARACTERS = 10_000;

  @AfterAll
  static void close() {
    TOKENIZERS.close();
  }

  @TempDir private static Path copies;

  /* Of a class that tells segments, which that of the fixtures does not. */
  private static Tokenizer tokenizer(String family) throws IOException {
    Path copy = copies.resolve(family);
    if (!Files.exists(copy)) {
      Checkpoints.withClass(
          Checkpoints.resource("families").resolve(family),
          Files.createDirectory(copy),
          "PreTrainedTokenizerFast");
    }
    return TOKENIZERS.open(copy);
  }

  private static Tokenizer.Encoding encode(
      String family, int most, String first, String second, Truncation truncation, Kept kept)
      throws IOException {
    return new TextPairs(tokenizer(family), most, CHARACTERS)
        .encode(first, second, truncation, kept);
  }

  static List<List<JsonNode>> cases() {
    return Checkpoints.json(Checkpoints.resource("tokenizers/pairs.json"))
        .valueStream()
        .collect(Collectors.groupingBy(item -> item.get("family").stringValue()))
        .values()
        .stream()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pairsAreCutAsTransformersCutsThem(List<JsonNode> ofOneFamily) throws IOException {
    for (JsonNode item : ofOneFamily) {
      String family = item.get("family").stringValue();
      String first = item.get("first").stringValue();
      String second = item.get("second").stringValue();
      Truncation truncation =
          Truncation.valueOf(item.get("strategy").stringValue().toUpperCase(Locale.ROOT));
      Kept kept = item.get("side").stringValue().equals("right") ? Kept.BEGINNING : Kept.END;
      int most = item.get("most").intValue();
      if (item.has("error")) {
        assertThatExceptionOfType(InvalidInput.class)
            .isThrownBy(() -> encode(family, most, first, second, truncation, kept));
        continue;
      }
      Tokenizer.Encoding encoding = encode(family, most, first, second, truncation, kept);
      String what = "%s of %s".formatted(most, item);
      assertThat(encoding.ids()).as(what).isEqualTo(Checkpoints.ints(item.get("ids")));
      assertThat(encoding.typeIds()).as(what).isEqualTo(Checkpoints.ints(item.get("types")));
      int[] sequences = Checkpoints.ints(item.get("sequences"));
      assertThat(encoding.sequences()).as(what).isEqualTo(sequences);
      for (int i = 0; i < sequences.length; i++) {
        String text = sequences[i] == 1 ? second : first;
        JsonNode offsets = item.get("offsets").get(i);
        assertThat(encoding.starts()[i])
            .as(what)
            .isEqualTo(sequences[i] < 0 ? -1 : unit(text, offsets.get(0).intValue()));
        assertThat(encoding.ends()[i])
            .as(what)
            .isEqualTo(sequences[i] < 0 ? -1 : unit(text, offsets.get(1).intValue()));
      }
    }
  }

  private static int unit(String text, int codePoint) {
    return text.offsetByCodePoints(0, codePoint);
  }

  /** A tokenizer that must not see a long text. */
  private static Tokenizer wary(Tokenizer tokenizer) {
    return (Tokenizer)
        Proxy.newProxyInstance(
            Tokenizer.class.getClassLoader(),
            new Class<?>[] {Tokenizer.class},
            (_, method, arguments) -> {
              if (method.getName().equals("encodePair")) {
                assertThat(((String) arguments[0]).length() + ((String) arguments[1]).length())
                    .isLessThan(2000);
              }
              return method.invoke(tokenizer, arguments);
            });
  }

  private static final String LONG = "The cat sat on the mat. ".repeat(400) + "Paris";
  private static final String OTHER = "Berlin is the capital. ".repeat(400) + "France";

  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "gpt2"})
  void longTextsAreCutBeforeTheTokenizerSeesThem(String family) throws IOException {
    Tokenizer tokenizer = tokenizer(family);
    TextPairs pairs = new TextPairs(wary(tokenizer), 60, CHARACTERS);
    for (Kept kept : Kept.values()) {
      for (Truncation truncation : List.of(Truncation.LONGEST_FIRST, Truncation.ONLY_SECOND)) {
        String first = truncation == Truncation.ONLY_SECOND ? "Who sat?" : LONG;
        Tokenizer.Encoding encoding = pairs.encode(first, OTHER, truncation, kept);
        Tokenizer.Encoding whole =
            new TextPairs(tokenizer, 1_000_000, 1_000_000)
                .encode(first, OTHER, Truncation.NEITHER, kept);
        assertThat(encoding.tokens()).isEqualTo(60);
        for (int sequence : new int[] {0, 1}) {
          int[] left = places(encoding, sequence);
          int[] all = places(whole, sequence);
          int begin = kept == Kept.BEGINNING ? 0 : all.length - left.length;
          for (int i = 0; i < left.length; i++) {
            assertThat(encoding.ids()[left[i]]).isEqualTo(whole.ids()[all[begin + i]]);
            assertThat(encoding.starts()[left[i]]).isEqualTo(whole.starts()[all[begin + i]]);
            assertThat(encoding.ends()[left[i]]).isEqualTo(whole.ends()[all[begin + i]]);
          }
        }
      }
    }
  }

  private static int[] places(Tokenizer.Encoding encoding, int sequence) {
    return IntStream.range(0, encoding.tokens())
        .filter(token -> encoding.sequences()[token] == sequence)
        .toArray();
  }

  private static void isRefused(TextPairs pairs, Truncation truncation, String... message) {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> pairs.encode(LONG, OTHER, truncation, Kept.BEGINNING))
        .withMessageContainingAll(message);
  }

  @Test
  void aLongTextThatMayNotBeCutIsRefusedBeforeTheTokenizerSeesIt() throws IOException {
    TextPairs pairs = new TextPairs(wary(tokenizer("bert")), 60, CHARACTERS);
    isRefused(pairs, Truncation.ONLY_FIRST, "second text", "60 tokens", "at least");
    isRefused(pairs, Truncation.ONLY_SECOND, "first text", "60 tokens", "at least");
    isRefused(pairs, Truncation.NEITHER, "two texts", "60 tokens", "at least");
    TextPairs ofFewCharacters = new TextPairs(wary(tokenizer("bert")), 60, 50);
    isRefused(ofFewCharacters, Truncation.NEITHER, "50 characters", "9605");
    assertThat(ofFewCharacters.encode(LONG, OTHER, Truncation.LONGEST_FIRST, Kept.END).sequences())
        .contains(0, 1);
  }

  @Test
  void whatDoesNotFitIsToldByItsTokens() throws IOException {
    String first = "The catcatcat";
    int given = tokenizer("bert").encodePair(first, "sat", true).tokens();
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(
            () -> encode("bert", given - 1, first, "sat", Truncation.NEITHER, Kept.BEGINNING))
        .withMessage(
            "the two texts must have at most %d tokens together, special ones included. Given: %d",
            given - 1, given);
  }

  @Test
  void aModelWithoutRoomForTwoTextsIsRefused() throws IOException {
    Tokenizer bert = tokenizer("bert");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new TextPairs(bert, 4, CHARACTERS))
        .withMessageContaining("3 special tokens");
    assertThat(
            Arrays.stream(
                    new TextPairs(bert, 5, CHARACTERS)
                        .encode(LONG, OTHER, Truncation.LONGEST_FIRST, Kept.END)
                        .sequences())
                .filter(s -> s >= 0))
        .containsExactly(0, 1);
  }
}
