package dev.diptych.tokenization;

import java.util.List;

/**
 * The clean-up of {@code clean_up_tokenization_spaces} in transformers: no space before English
 * punctuation and contractions.
 */
final class SpaceCleanUp {

  private static final List<String> WITHOUT_SPACE =
      List.of(".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re");

  private SpaceCleanUp() {}

  static String apply(String text) {
    String clean = text;
    for (String ending : WITHOUT_SPACE) {
      if (ending.equals("n't")) {
        clean = clean.replace(" ' ", "'");
      }
      clean = clean.replace(" " + ending, ending);
    }
    return clean;
  }

  /** The clean-up of one word with the space before it, as a WordPiece decoder does it. */
  static String applyToWord(String word) {
    return apply(word).replace(" do not", " don't");
  }
}
