package dev.diptych.tokenization;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One model's tokenizer. Safe for use from any number of threads. Never truncates, never pads. */
public interface Tokenizer {

  /** One more than the largest token id. */
  int vocabularySize();

  /**
   * Token ids of a text.
   *
   * @param addSpecialTokens whether the tokenizer's own template is applied ({@code [CLS] … [SEP]})
   * @throws dev.diptych.InvalidInput if the tokenizer cannot encode the text
   */
  int[] encode(String text, boolean addSpecialTokens);

  /**
   * As {@link #encode} for a pair of texts, with the segment and the text of every token. {@link
   * TextPairs} makes pairs that a model can take.
   */
  Encoding encodePair(String first, String second, boolean addSpecialTokens);

  /** As {@link #encode}, with where each token lies in the text. */
  Encoding encodeWithOffsets(String text, boolean addSpecialTokens);

  /** The text of token ids; ids outside the vocabulary are left out. */
  String decode(int[] ids, boolean skipSpecialTokens);

  /** The vocabulary's entry, such as {@code ##ing} or {@code Ġthe}; null if there is none. */
  @Nullable String token(int id);

  /** The id of a vocabulary entry. */
  OptionalInt id(String token);

  /**
   * Whether the token is a special one ({@code [CLS]}, {@code <|im_end|>}), which decoding can
   * leave out.
   */
  boolean isSpecial(int id);

  /** The mask token, for models that have one. */
  OptionalInt maskId();

  /** The padding token, for models that have one. */
  OptionalInt paddingId();

  /**
   * A text in tokens.
   *
   * <p>The arrays are not copied.
   *
   * @param ids token ids, {@code [tokens]}
   * @param typeIds segment of each token, {@code [tokens]}
   * @param starts first UTF-16 unit of each token in its text, -1 for special tokens that were
   *     added, {@code [tokens]}
   * @param ends one past its last UTF-16 unit, -1 for special tokens that were added, {@code
   *     [tokens]}
   * @param sequences which text each token is of, 0 or 1, -1 for special tokens that were added,
   *     {@code [tokens]}
   * @param words which word of its text each token is of, as the pre-tokenizer counts them, -1 for
   *     special tokens that were added, {@code [tokens]}
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Encoding(
      int[] ids, int[] typeIds, int[] starts, int[] ends, int[] sequences, int[] words) {

    /** How many tokens it has. */
    public int tokens() {
      return ids.length;
    }

    /** Tokens of one of the texts, or -1 for the special ones that were added. */
    public int tokensOf(int sequence) {
      return (int) Arrays.stream(sequences).filter(of -> of == sequence).count();
    }

    /**
     * The same with only a part of one of the texts; special tokens and the other text stay.
     *
     * @param from the first token that is left, counted among those of the text
     * @param to one past the last
     */
    public Encoding part(int sequence, int from, int to) {
      int[] kept = new int[tokens()];
      int size = 0;
      int place = 0;
      for (int token = 0; token < kept.length; token++) {
        boolean outside = sequences[token] == sequence && (place < from || place >= to);
        place += sequences[token] == sequence ? 1 : 0;
        if (!outside) {
          kept[size++] = token;
        }
      }
      return only(Arrays.copyOf(kept, size));
    }

    /** Some of the tokens. */
    Encoding only(int[] kept) {
      return new Encoding(
          chosen(ids, kept),
          chosen(typeIds, kept),
          chosen(starts, kept),
          chosen(ends, kept),
          chosen(sequences, kept),
          chosen(words, kept));
    }

    private static int[] chosen(int[] values, int[] tokens) {
      int[] chosen = new int[tokens.length];
      for (int i = 0; i < tokens.length; i++) {
        chosen[i] = values[tokens[i]];
      }
      return chosen;
    }
  }

  /** The token that stands before a text for all of it, such as {@code [CLS]}, if there is one. */
  default OptionalInt clsId() {
    return OptionalInt.empty();
  }

  /** The token of what the vocabulary cannot spell, if there is one. */
  default OptionalInt unknownId() {
    return OptionalInt.empty();
  }

  /** What entries begin with that go on with a word, such as {@code ##}; empty if nothing. */
  default String continuingPrefix() {
    return "";
  }

  /**
   * At how many tokens transformers cuts texts for this model ({@code model_max_length}), if the
   * tokenizer's files say so.
   */
  default OptionalInt usualMaxTokens() {
    return OptionalInt.empty();
  }

  /** The text of vocabulary entries, one behind the other, without clean-up of spaces. */
  default String joined(List<String> entries) {
    return String.join(" ", entries);
  }

  /** The token that ends a text, if the tokenizer's files name one. */
  default OptionalInt endId() {
    return OptionalInt.empty();
  }

  /**
   * At least so many tokens has the text, without special ones around it, as told from its
   * characters in a hundredth of the time of {@link #encode}; 0 if nothing is known.
   */
  default int fewestTokens(String text) {
    return 0;
  }

  /**
   * A beginning of a long text, of which the first so many tokens are those of the whole text, or
   * the whole text. Of text without a space between two words more than twice as many tokens are
   * left, so that what was cut off hardly ever changes them.
   */
  default String beginning(String text, int tokens) {
    return text;
  }

  /** An end of a long text with the same last tokens, as {@link #beginning}. */
  default String ending(String text, int tokens) {
    return text;
  }

  /**
   * The bytes that each token adds to a text.
   *
   * @param vocabularySize how many tokens the model knows
   */
  default TokenBytes tokenBytes(int vocabularySize) {
    byte[] @Nullable [] bytes = new byte[vocabularySize][];
    Map<String, Integer> special = new HashMap<>();
    for (int id = 0; id < Math.min(vocabularySize, vocabularySize()); id++) {
      String token = token(id);
      if (token != null && isSpecial(id)) {
        special.put(token, id);
      } else if (token != null) {
        bytes[id] = decode(new int[] {id}, false).getBytes(StandardCharsets.UTF_8);
      }
    }
    return new TokenBytes(bytes, special);
  }

  /** The tokens that are found in a text before all else, such as {@code <|im_end|>}. */
  default List<AddedToken> addedTokens() {
    return List.of();
  }

  /**
   * The same tokenizer with another spelling of some added tokens, by which alone they are found:
   * their own is text like any other.
   *
   * @param tokens contents of added tokens
   */
  default RespelledTokens respelled(Set<String> tokens) {
    return new RespelledTokens(Map.of(), text -> encode(text, false));
  }

  /** How many tokens the tokenizer's template adds to one text. */
  default int specialTokensPerText() {
    return encode("", true).length;
  }

  /** A detokenizer for one stream of tokens that continues the given ones. */
  default StreamingDetokenizer detokenizer(List<Integer> context) {
    return new StreamingDetokenizer(this, context);
  }
}
