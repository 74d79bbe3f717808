package dev.diptych.generation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerTextTests {

  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();

  @Test
  void holdsBackWhatMayBecomeAStopThatIsNotKept() {
    AnswerText text = text(List.of("abac"), false);

    assertThat(pieces(text, "xabab")).containsExactly("x", "", "", "", "ab");
    assertThat(pieces(text, "z")).containsExactly("abz");
    assertThat(pieces(text, "aba")).containsExactly("", "", "");
    assertThat(pieces(text, "c")).containsExactly("");
    assertThat(text.stopped()).isTrue();
    assertThat(text.finish()).isEmpty();
    assertThat(text.toString()).isEqualTo("xababz");
  }

  @Test
  void givesWhatWasHeldBackWhenTheAnswerEndsBeforeTheStop() {
    AnswerText text = text(List.of("abac"), false);

    assertThat(pieces(text, "xaba")).containsExactly("x", "", "", "");
    assertThat(text.finish()).isEqualTo("aba");
    assertThat(text.toString()).isEqualTo("xaba");
  }

  @Test
  void removesTheLongestOfTheStopsThatEndTogether() {
    AnswerText text = text(List.of("d", "bcd", "zz"), false);

    pieces(text, "abcd");

    assertThat(text.toString()).isEqualTo("a");
  }

  @Test
  void aStopMayEndOrBeginWithASpecialToken() {
    AnswerText ending = text(List.of("b<end>"), false);
    assertThat(pieces(ending, "ab")).containsExactly("a", "");
    ending.pass("<end>");
    assertThat(ending.stopped()).isTrue();
    assertThat(ending.toString()).isEqualTo("a");

    AnswerText beginning = text(List.of("<end>c"), false);
    assertThat(pieces(beginning, "ab")).containsExactly("a", "b");
    beginning.pass("<end>");
    assertThat(pieces(beginning, "c")).containsExactly("");
    assertThat(beginning.stopped()).isTrue();
    assertThat(beginning.toString()).isEqualTo("ab");
  }

  @Test
  void whatASpecialTokenSetsFreeComesWithTheNextPiece() {
    AnswerText text = text(List.of("bc"), false);
    assertThat(pieces(text, "ab")).containsExactly("a", "");

    text.pass("<end>");

    assertThat(pieces(text, "x")).containsExactly("bx");
    assertThat(text.toString()).isEqualTo("abx");
  }

  @Test
  void allPiecesTogetherAreTheTextBeforeTheFirstStopOrUpToItsEnd() {
    Random random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        stops.add(letters(random, 1 + random.nextInt(5)));
      }
      String whole = letters(random, random.nextInt(40));
      boolean keepStop = random.nextBoolean();
      AnswerText text = text(stops, keepStop);

      StringBuilder told = new StringBuilder();
      for (int i = 0; i < whole.length() && !text.stopped(); i++) {
        told.append(text.append(id(whole.charAt(i))));
      }
      told.append(text.finish());

      assertThat(told.toString())
          .as("%s, stops %s", whole, stops)
          .isEqualTo(expected(whole, stops, keepStop))
          .isEqualTo(text.toString());
    }
  }

  @Test
  void piecesAreWholeCharactersWhateverTheTokensAndStopsAre() throws IOException {
    Random random = new Random(4);
    try (Tokenizers tokenizers = new Tokenizers()) {
      Tokenizer tokenizer = tokenizers.open(Path.of("src/test/resources/checkpoints/gpt2"));
      int[] emoji = tokenizer.encode("😀😁é日本 a😀", false);
      for (int round = 0; round < 500; round++) {
        int[] ids = random.ints(1 + random.nextInt(40), 0, 260).toArray(); // nearly only bytes
        int at = random.nextInt(ids.length);
        System.arraycopy(emoji, 0, ids, at, Math.min(emoji.length, ids.length - at));
        List<String> stops =
            List.of(List.of("😁", "本 a", "é日😀", "😀😀", "\uFFFDx").get(round % 5));
        boolean keepStop = random.nextBoolean();
        AnswerText text =
            new AnswerText(tokenizer.detokenizer(List.of()), new Ending(stops, keepStop, false));

        StringBuilder told = new StringBuilder();
        for (int i = 0; i < ids.length && !text.stopped(); i++) {
          String piece = text.append(ids[i]);
          assertThat(new String(piece.getBytes(UTF_8), UTF_8)).isEqualTo(piece);
          told.append(piece);
        }
        told.append(text.finish());

        assertThat(told.toString())
            .isEqualTo(expected(tokenizer.decode(ids, true), stops, keepStop))
            .isEqualTo(text.toString());
      }
    }
  }

  private static String expected(String whole, List<String> stops, boolean keepStop) {
    for (int end = 1; end <= whole.length(); end++) {
      String before = whole.substring(0, end);
      List<String> found =
          stops.stream()
              .filter(before::endsWith)
              .sorted(Comparator.comparingInt(String::length).reversed())
              .toList();
      if (!found.isEmpty()) {
        return keepStop ? before : before.substring(0, end - found.getFirst().length());
      }
    }
    return whole;
  }

  private static AnswerText text(List<String> stops, boolean keepStop) {
    return new AnswerText(TOKENIZER.detokenizer(List.of()), new Ending(stops, keepStop, false));
  }

  private static List<String> pieces(AnswerText text, String letters) {
    return letters.chars().mapToObj(letter -> text.append(id((char) letter))).toList();
  }

  private static int id(char letter) {
    return TOKENIZER.encode(String.valueOf(letter), false)[0];
  }

  private static String letters(Random random, int count) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < count; i++) {
      letters.append((char) ('a' + random.nextInt(3)));
    }
    return letters.toString();
  }
}
