package dev.diptych.http.openai;

import dev.diptych.generation.LetterTokenizer;

/** As {@link LetterTokenizer}, but the end of a line stands in the place of the backtick. */
final class LineTokenizer extends LetterTokenizer {

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    return super.encode(text.replace('\n', '`'), addSpecialTokens);
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return super.decode(ids, skipSpecialTokens).replace('`', '\n');
  }
}
