package dev.diptych.tasks;

import dev.diptych.encoding.EncoderInput;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A text in windows.
 *
 * @param windows each with the special tokens around it
 */
record TaggedText(String text, List<Encoding> windows) {

  /** What the model is given for each window. */
  List<EncoderInput> inputs() {
    return windows.stream().map(window -> EncoderInput.of(window.ids(), window.typeIds())).toList();
  }

  /** Tokens of all windows, special ones included. */
  int tokens() {
    return windows.stream().mapToInt(Encoding::tokens).sum();
  }

  /** Code points. */
  int characters() {
    return text.codePointCount(0, text.length());
  }

  /**
   * The tokens of a window without the special ones.
   *
   * @param logits {@code [tokens * labels]}
   * @param codePoints of the text
   */
  List<ScoredToken> tokens(int window, float[] logits, Tokenizer tokenizer, CodePoints codePoints) {
    Encoding encoding = windows.get(window);
    int labels = logits.length / encoding.tokens();
    List<ScoredToken> tokens = new ArrayList<>(encoding.tokens());
    for (int i = 0; i < encoding.tokens(); i++) {
      if (encoding.sequences()[i] < 0) {
        continue;
      }
      int start = encoding.starts()[i];
      int end = encoding.ends()[i];
      String entry = String.valueOf(tokenizer.token(encoding.ids()[i]));
      boolean unknown = tokenizer.unknownId().equals(OptionalInt.of(encoding.ids()[i]));
      tokens.add(
          new ScoredToken(
              i,
              unknown ? text.substring(start, end) : entry,
              !unknown && continuesWord(entry, start, end, tokenizer),
              ScoreFunction.SOFTMAX.of(Arrays.copyOfRange(logits, i * labels, (i + 1) * labels)),
              codePoints.of(start),
              codePoints.of(end)));
    }
    return tokens;
  }

  /*
   * As the pipeline of transformers: where the vocabulary marks such entries, one that is not as long
   * as its text; elsewhere one with no space at its beginning or before it.
   */
  private boolean continuesWord(String entry, int start, int end, Tokenizer tokenizer) {
    if (!tokenizer.continuingPrefix().isEmpty()) {
      return entry.codePointCount(0, entry.length()) != text.codePointCount(start, end);
    }
    return start > 0
        && text.charAt(start - 1) != ' '
        && (start == text.length() || text.charAt(start) != ' ');
  }
}
