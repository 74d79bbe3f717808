package dev.diptych.encoding;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.ControlTokens;
import dev.diptych.tokenization.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Turns clozes into tokens: a word becomes as many masks as it has tokens. */
final class ClozeTexts {

  private static final String ANY = "a";

  private final Tokenizer tokenizer;
  private final EncoderLimits limits;
  private final int maskId;
  private final ControlTokens texts;
  private final int[] opening; // what the tokenizer puts around a text
  private final int[] closing;

  ClozeTexts(Tokenizer tokenizer, EncoderLimits limits, int maskId) {
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.maskId = maskId;
    this.texts = new ControlTokens(tokenizer, _ -> false, List.of());
    int[] alone = tokenizer.encode(ANY, false);
    int[] whole = tokenizer.encode(ANY, true);
    int start = 0;
    while (start + alone.length < whole.length
        && !Arrays.equals(whole, start, start + alone.length, alone, 0, alone.length)) {
      start++;
    }
    this.opening = Arrays.copyOf(whole, start);
    this.closing = Arrays.copyOfRange(whole, start + alone.length, whole.length);
  }

  /**
   * A cloze in tokens.
   *
   * <p>The arrays are not copied.
   *
   * @param text with its masks
   * @param targets what belongs there, {@code [masks]}
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Encoded(MaskedText text, int[] targets) {}

  /**
   * @throws InvalidInput if it is too long, or the word has no token or too many
   */
  Encoded encode(Cloze cloze) {
    limits.checkCharacters(cloze.characters());
    limits.checkFewest(tokenizer.fewestTokens(cloze.before()));
    int[] word = plain(" " + cloze.word());
    if (word.length == 0 || word.length > MaskFiller.MAX_MASKS) {
      throw new InvalidInput(
          "an option must have 1 to %d tokens. Given: %d"
              .formatted(MaskFiller.MAX_MASKS, word.length));
    }
    int[] before = plain(cloze.before());
    int[] after = plain(cloze.after());
    int first = opening.length + before.length;
    int count = first + word.length + after.length + closing.length;
    if (count > limits.maxInputTokens()) {
      throw InputChecks.tooLong(limits.maxInputTokens(), count);
    }
    int[] ids = new int[count];
    System.arraycopy(opening, 0, ids, 0, opening.length);
    System.arraycopy(before, 0, ids, opening.length, before.length);
    Arrays.fill(ids, first, first + word.length, maskId);
    System.arraycopy(after, 0, ids, first + word.length, after.length);
    System.arraycopy(closing, 0, ids, ids.length - closing.length, closing.length);
    return new Encoded(
        new MaskedText(ids, IntStream.range(first, first + word.length).toArray()), word);
  }

  private int[] plain(String text) {
    return texts.encode(texts.marked(text));
  }
}
