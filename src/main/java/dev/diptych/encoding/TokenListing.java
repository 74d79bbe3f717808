package dev.diptych.encoding;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.Tokenizer;
import java.util.List;
import java.util.Objects;

/** Texts as lists of their tokens and back, within bounds for all texts of a request together. */
final class TokenListing {

  /** Characters, and tokens, of all texts of one request. */
  static final int MAX_CHARACTERS = 1 << 17;

  /** Characters of all texts that one request has decoded. */
  static final int MAX_DECODED_CHARACTERS = 1 << 21;

  /** What a listed text keeps: five numbers for each token, and one for each character. */
  static final int BYTES_PER_CHARACTER = 24;

  private final Tokenizer tokenizer;
  private final EncoderLimits limits;

  TokenListing(Tokenizer tokenizer, EncoderLimits limits) {
    this.tokenizer = tokenizer;
    this.limits = limits;
  }

  /**
   * Characters of all texts, before anything is done with them.
   *
   * @param promptCharacters that stand before each
   * @throws InvalidInput if one is empty, or there are too many
   */
  long characters(List<String> texts, int promptCharacters) {
    long total = 0;
    for (String text : texts) {
      if (text.isEmpty()) {
        throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs` cannot be empty");
      }
      int characters = text.codePointCount(0, text.length());
      limits.checkCharacters(characters);
      total += promptCharacters + characters;
    }
    if (total > MAX_CHARACTERS) {
      throw new InvalidInput(
          "`inputs` must have at most %d characters in all. Given: %d"
              .formatted(MAX_CHARACTERS, total));
    }
    return total;
  }

  /** The tokens of each text, made as they are read. */
  List<List<TextToken>> of(List<String> texts, String prompt, boolean addSpecialTokens) {
    List<List<TextToken>> listed =
        TextWorkers.shared()
            .each(
                texts,
                String::length,
                text -> TextTokens.of(tokenizer, prompt + text, addSpecialTokens));
    long total = listed.stream().mapToLong(List::size).sum();
    if (total > MAX_CHARACTERS) {
      throw new InvalidInput(
          "`inputs` must have at most %d tokens in all. Given: %d"
              .formatted(MAX_CHARACTERS, total));
    }
    return listed;
  }

  /**
   * The most characters that lists of token ids can stand for.
   *
   * @throws InvalidInput if one is empty or has an unknown id, or there are too many
   */
  long decodedCharacters(List<int[]> lists) {
    long ids = 0;
    for (int[] list : lists) {
      if (list.length == 0) {
        throw new InvalidInput(InvalidInput.Kind.EMPTY, "`ids` cannot be empty");
      }
      limits.checkCharacters(list.length);
      ids += list.length;
    }
    if (ids > MAX_CHARACTERS) {
      throw new InvalidInput(
          "`ids` must have at most %d token ids in all. Given: %d".formatted(MAX_CHARACTERS, ids));
    }
    long characters = 0;
    for (int[] list : lists) {
      for (int id : list) {
        characters += 1 + Objects.requireNonNullElse(tokenizer.token(id), "").length();
      }
    }
    if (characters > MAX_DECODED_CHARACTERS) {
      throw new InvalidInput(
          "`ids` must stand for at most %d characters in all. Given: %d"
              .formatted(MAX_DECODED_CHARACTERS, characters));
    }
    return characters;
  }
}
