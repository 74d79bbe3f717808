package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenTextsTests {

  private static final int A = 'a' - 31;

  private final CountingTokenizer tokenizer = new CountingTokenizer();
  private final TokenTexts texts = new TokenTexts(tokenizer, Set.of(A), tokenizer.vocabularySize());

  @Test
  void decodesATokenOnceAndSharesItsText() {
    String text = texts.of(A);
    assertThat(text).isEqualTo("a");
    assertThat(texts.of(A)).isSameAs(text);
    assertThat(tokenizer.decoded).isOne();
  }

  @Test
  void aTokenThatEndsAnswersIsSpecialWhateverTheTokenizerSays() {
    assertThat(texts.isSpecial(A)).isTrue();
    assertThat(texts.isSpecial(LetterTokenizer.END)).isTrue();
    assertThat(texts.ends(LetterTokenizer.END)).isFalse();
    assertThat(texts.isSpecial(A + 1)).isFalse();
  }

  private static final class CountingTokenizer extends LetterTokenizer {

    private int decoded;

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
      decoded++;
      return super.decode(ids, skipSpecialTokens);
    }
  }
}
