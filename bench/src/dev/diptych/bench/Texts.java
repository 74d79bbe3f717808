package dev.diptych.bench;

import java.util.Random;

/**
 * Texts made of common English words, each of which is one token in the vocabularies of GPT-2,
 * SmolLM2 and BERT. The same seed gives the same texts.
 */
public final class Texts {

  private static final String[] WORDS =
      """
      the of and in to was for that with from this have were are which one had not but their
      first they been time also after other two more only some made over may years city world
      war most state three where year then new used many between such national people these
      under school later during through known part than there before history work early river
      south north book music family game house team film second long water day land life public
      road station company power line best group place small large system children night
      """
          .strip()
          .split("\\s+");

  private final Random random;

  /** Texts that the seed determines. */
  public Texts(long seed) {
    random = new Random(seed);
  }

  /** A text of {@code count} words; safe for several threads. */
  public String words(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  /** A text of {@code tokens} tokens for BERT, whose first and last are special. */
  public String encoderText(int tokens) {
    return words(tokens - 2);
  }

  /** A text of {@code tokens} tokens for BERT with one mask in the middle. */
  public String maskedText(int tokens) {
    int words = tokens - 3;
    return words(words / 2) + " [MASK] " + words(words - words / 2);
  }
}
