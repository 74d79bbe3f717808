package dev.diptych.encoding;

/** A tokenizer of words that must not see a long text, and counts the words before. */
final class WaryTokenizer extends WordTokenizer {

  private static final int LONGEST = 100;

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    if (text.length() > LONGEST) {
      throw new IllegalStateException("a text of %d characters".formatted(text.length()));
    }
    return super.encode(text, addSpecialTokens);
  }

  @Override
  public int fewestTokens(String text) {
    return text.split(" ", -1).length;
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
