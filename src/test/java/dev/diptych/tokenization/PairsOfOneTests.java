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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PairsOfOneTests {

  private static final Tokenizers TOKENIZERS = new Tokenizers();
  private static final int CHARACTERS = 10_000;
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "cat",
          " The cat sat on the mat. ",
          "Paris is the capital of France, caf\u00e9s \ud83d\ude3a \u732b\u3068\u72ac!",
          "[SEP] </s> <|endoftext|> [MASK]\n\n\ttabs",
          "The cat sat on the mat. ".repeat(20),
          "Berlin".repeat(60));

  @TempDir private static Path copies;

  @AfterAll
  static void close() {
    TOKENIZERS.close();
  }

  static List<Path> families() throws IOException {
    try (Stream<Path> folders = Files.list(Checkpoints.resource("families"))) {
      return folders.filter(folder -> Files.exists(folder.resolve("tokenizer.json"))).toList();
    }
  }

  /* Of a class that tells segments, which that of the fixtures does not. */
  private static Tokenizer tokenizer(Path family) throws IOException {
    Path copy = copies.resolve(family.getFileName());
    if (!Files.exists(copy)) {
      Checkpoints.withClass(family, Files.createDirectory(copy), "PreTrainedTokenizerFast");
    }
    return TOKENIZERS.open(copy);
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyPairHasTheTokensOfThePairAlone(Path family) throws IOException {
    Tokenizer tokenizer = tokenizer(family);
    assertThat(PairTemplate.of(tokenizer)).isNotNull();
    for (int most : new int[] {12, 40}) {
      TextPairs pairs = new TextPairs(tokenizer, most, CHARACTERS);
      for (String first : TEXTS) {
        for (Truncation truncation : List.of(Truncation.LONGEST_FIRST, Truncation.NEITHER)) {
          for (Kept kept : Kept.values()) {
            assertSame(pairs, first, truncation, kept);
          }
        }
      }
    }
  }

  private static void assertSame(TextPairs pairs, String first, Truncation truncation, Kept kept) {
    PairsOfOne ofFirst;
    try {
      ofFirst = pairs.with(first, truncation, kept);
    } catch (InvalidInput refused) {
      for (String second : TEXTS) {
        assertThatExceptionOfType(InvalidInput.class)
            .isThrownBy(() -> pairs.encode(first, second, truncation, kept));
      }
      return;
    }
    for (String second : TEXTS) {
      Tokenizer.Encoding whole;
      try {
        whole = pairs.encode(first, second, truncation, kept);
      } catch (InvalidInput refused) {
        assertThatExceptionOfType(InvalidInput.class)
            .isThrownBy(() -> ofFirst.encode(second))
            .withMessage(refused.getMessage());
        continue;
      }
      PairTokens pair = ofFirst.encode(second);
      assertThat(pair.ids()).as("%s + %s", first, second).isEqualTo(whole.ids());
      assertThat(pair.typeIds()).as("%s + %s", first, second).isEqualTo(whole.typeIds());
    }
  }

  @Test
  void theFirstTextIsTokenizedOnce() throws IOException {
    String query = "Who sat on the mat?";
    AtomicInteger times = new AtomicInteger();
    Tokenizer tokenizer =
        watched(
            tokenizer(Checkpoints.resource("families").resolve("bert")),
            text -> {
              if (text.equals(query)) {
                times.incrementAndGet();
              }
            });

    PairsOfOne pairs =
        new TextPairs(tokenizer, 100, CHARACTERS)
            .with(query, Truncation.LONGEST_FIRST, Kept.BEGINNING);
    TEXTS.forEach(pairs::encode);

    assertThat(times).hasValue(1);
  }

  @Test
  void whereAPairIsNotMadeOfItsTextsTokensItIsEncodedWhole() throws IOException {
    Tokenizer bert = tokenizer(Checkpoints.resource("families").resolve("bert"));
    Tokenizer turned =
        (Tokenizer)
            Proxy.newProxyInstance(
                Tokenizer.class.getClassLoader(),
                new Class<?>[] {Tokenizer.class},
                (_, method, arguments) -> {
                  Object result = method.invoke(bert, arguments);
                  if (method.getName().equals("encodePair")) {
                    int[] ids = ((Tokenizer.Encoding) result).ids();
                    Arrays.setAll(ids, i -> i == ids.length - 1 ? ids.length : ids[i]);
                  }
                  return result;
                });
    TextPairs pairs = new TextPairs(turned, 100, CHARACTERS);

    assertThat(PairTemplate.of(turned)).isNull();
    assertThat(pairs.with("Who sat?", Truncation.NEITHER, Kept.BEGINNING).encode("The cat.").ids())
        .isEqualTo(pairs.encode("Who sat?", "The cat.", Truncation.NEITHER, Kept.BEGINNING).ids());
  }

  private interface Watch {
    void sees(String text);
  }

  private static Tokenizer watched(Tokenizer tokenizer, Watch watch) {
    return (Tokenizer)
        Proxy.newProxyInstance(
            Tokenizer.class.getClassLoader(),
            new Class<?>[] {Tokenizer.class},
            (_, method, arguments) -> {
              if (method.getName().startsWith("encode")) {
                watch.sees((String) arguments[0]);
              }
              return method.invoke(tokenizer, arguments);
            });
  }
}
