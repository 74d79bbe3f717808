package dev.diptych.generation;

/** A tokenizer of letters that must not see a long text, and knows half of the tokens before. */
final class WaryTokenizer extends LetterTokenizer {

  private static final int LONGEST = 1_000;

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    if (text.length() > LONGEST) {
      throw new IllegalStateException("a text of %d characters".formatted(text.length()));
    }
    return super.encode(text, addSpecialTokens);
  }

  @Override
  public int fewestTokens(String text) {
    return text.length() / 2;
  }

  @Override
  public String beginning(String text, int tokens) {
    return text.substring(0, Math.min(2 * tokens, text.length()));
  }

  @Override
  public String ending(String text, int tokens) {
    return text.substring(Math.max(0, text.length() - 2 * tokens));
  }
}
