package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingDetokenizerTests {

  private static final Tokenizers TOKENIZERS = new Tokenizers();

  @AfterAll
  static void close() {
    TOKENIZERS.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The capital of France is Paris.",
        "😀👩‍👩‍👧‍👦🏳️‍🌈 emoji",
        "日本語のテキストと漢字",
        "e\u0301a\u0308 combining, ẅörld, ﷽",
        "mixed 😀日é x\r\n\t  spaces   ",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈𐍈𐍈"
      })
  void givesWholeCharactersThatAddUpToTheText(String text) throws IOException {
    for (String checkpoint : List.of("gpt2", "llama-tied", "roberta")) {
      Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder(checkpoint));

      List<String> pieces = stream(tokenizer, List.of(), tokenizer.encode(text, false));

      assertThat(String.join("", pieces)).isEqualTo(text);
      assertThat(pieces).allSatisfy(StreamingDetokenizerTests::assertWholeCharacters);
    }
  }

  @Test
  void addsUpToTheDecodedTextForAnyIds() throws IOException {
    Random random = new Random(11);
    for (String checkpoint : List.of("gpt2", "llama-tied")) {
      Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder(checkpoint));
      for (int round = 0; round < 300; round++) {
        int range = round % 3 == 0 ? 260 : tokenizer.vocabularySize(); // 260: nearly only bytes
        int[] ids = random.ints(1 + random.nextInt(120), 0, range).toArray();

        assertThat(String.join("", stream(tokenizer, List.of(), ids)))
            .as(Arrays.toString(ids))
            .isEqualTo(tokenizer.decode(ids, true));
      }
    }
  }

  @Test
  void addsUpToTheDecodedTextForWordPieces() throws IOException {
    Random random = new Random(12);
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("bert"));
    for (int round = 0; round < 200; round++) {
      int[] ids = random.ints(1 + random.nextInt(80), 0, tokenizer.vocabularySize()).toArray();

      assertThat(String.join("", stream(tokenizer, List.of(), ids)))
          .as(Arrays.toString(ids))
          .isEqualTo(tokenizer.decode(ids, true));
    }
  }

  @Test
  void continuesAContextWithoutRepeatingIt() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("llama-tied"));
    List<Integer> context =
        IntStream.of(tokenizer.encode("The cat sat on the mat. 😀 ".repeat(5), false))
            .boxed()
            .toList();

    List<String> pieces = stream(tokenizer, context, tokenizer.encode(" 日本 dog", false));

    assertThat(String.join("", pieces)).isEqualTo(" 日本 dog");
  }

  @Test
  void completesACharacterThatTheContextBegan() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("gpt2"));
    int[] smile = tokenizer.encode("a😀b", false);

    List<String> pieces =
        stream(tokenizer, List.of(smile[0], smile[1]), Arrays.copyOfRange(smile, 2, smile.length));

    assertThat(smile).hasSizeGreaterThan(4);
    assertThat(String.join("", pieces)).isEqualTo("😀b");
  }

  @Test
  void leavesSpecialTokensOutOnlyWhenAsked() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("llama-tied"));
    int[] ids = tokenizer.encode("a<|im_end|>b", false);

    StreamingDetokenizer keeping = new StreamingDetokenizer(tokenizer, List.of(), false);
    StringBuilder kept = new StringBuilder();
    IntStream.of(ids).forEach(id -> kept.append(keeping.append(id)));

    assertThat(kept.append(keeping.finish())).hasToString("a<|im_end|>b");
    assertThat(String.join("", stream(tokenizer, List.of(), ids))).isEqualTo("ab");
  }

  @Test
  void givesOutAnIncompleteCharacterOnlyAtTheEnd() throws IOException {
    Tokenizer tokenizer = TOKENIZERS.open(Checkpoints.folder("gpt2"));
    int[] smile = tokenizer.encode("😀", false);
    StreamingDetokenizer detokenizer = tokenizer.detokenizer(List.of());

    assertThat(detokenizer.append(smile[0])).isEmpty();
    assertThat(detokenizer.finish()).isEqualTo("\uFFFD");
    assertThat(detokenizer.finish()).isEmpty();
  }

  private static List<String> stream(Tokenizer tokenizer, List<Integer> context, int[] ids) {
    StreamingDetokenizer detokenizer = tokenizer.detokenizer(context);
    List<String> pieces = new ArrayList<>();
    for (int id : ids) {
      pieces.add(detokenizer.append(id));
    }
    pieces.add(detokenizer.finish());
    return pieces;
  }

  private static void assertWholeCharacters(String piece) {
    assertThat(piece).doesNotContain("\uFFFD");
    assertThat(piece.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }
}
