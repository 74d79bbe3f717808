package dev.diptych.tokenization;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The WordPiece tokens of ASCII text, as BERT's tokenizers have them, in a fraction of the
 * library's time.
 *
 * <p>The algorithm is that of Google's BERT ({@code tokenization.py}): words end at spaces and
 * around each punctuation mark, and the longest entry of the vocabulary that a rest of a word
 * begins with is its next token.
 */
final class AsciiWordPiece {

  private static final int FIRST_PRINTABLE = ' ';
  private static final int LAST_PRINTABLE = '~';
  private static final int[] NONE = {};

  private final Vocabulary vocabulary;
  private final BitSet beginnings = new BitSet(); // of tokens that a text is searched for first
  private final boolean lowercase;
  private final String continuingPrefix;
  private final int longestWord;
  private final int longestPiece;
  private final int unknown;
  private final int[] before; // special tokens
  private final int[] after;

  private AsciiWordPiece(TokenizerFiles files, Vocabulary vocabulary, int[] before, int[] after) {
    JsonNode model = files.definition().part("model");
    this.vocabulary = vocabulary;
    this.lowercase = files.definition().part("normalizer").path("lowercase").booleanValue();
    this.continuingPrefix = model.path("continuing_subword_prefix").stringValue();
    this.longestWord = model.path("max_input_chars_per_word").intValue();
    this.longestPiece = vocabulary.longestToken();
    this.unknown = vocabulary.id(model.path("unk_token").stringValue()).orElseThrow();
    for (AddedToken added : files.definition().added()) {
      char first = added.content().charAt(0);
      beginnings.set(Character.toLowerCase(first));
      beginnings.set(Character.toUpperCase(first));
    }
    this.before = before;
    this.after = after;
  }

  /**
   * That of a tokenizer; null if it splits text in another way.
   *
   * @param library token ids of a text by the tokenizer library, with special tokens
   */
  static @Nullable AsciiWordPiece of(
      TokenizerFiles files, Vocabulary vocabulary, Function<String, int[]> library) {
    if (!supports(files, vocabulary)) {
      return null;
    }
    int[] letter = library.apply("a");
    int[] other = library.apply("b");
    int position = Arrays.mismatch(letter, other);
    if (position < 0 || letter.length != other.length) {
      return null;
    }
    int[] before = Arrays.copyOf(letter, position);
    int[] after = Arrays.copyOfRange(letter, position + 1, letter.length);
    boolean textOnce = Arrays.equals(after, Arrays.copyOfRange(other, position + 1, other.length));
    return textOnce ? new AsciiWordPiece(files, vocabulary, before, after) : null;
  }

  private static boolean supports(TokenizerFiles files, Vocabulary vocabulary) {
    JsonNode normalizer = files.definition().part("normalizer");
    JsonNode model = files.definition().part("model");
    String prefix = model.path("continuing_subword_prefix").stringValue("");
    return isOf("BertNormalizer", normalizer)
        && normalizer.path("lowercase").isBoolean()
        && isOf("BertPreTokenizer", files.definition().part("pre_tokenizer"))
        && isOf("WordPiece", model)
        && vocabulary.id(model.path("unk_token").stringValue("")).isPresent()
        && !prefix.isEmpty()
        && model.path("max_input_chars_per_word").isInt()
        && files.definition().added().stream()
            .map(AddedToken::content)
            .noneMatch(token -> token.isEmpty() || token.startsWith(prefix));
  }

  private static boolean isOf(String type, JsonNode part) {
    return part.path("type").stringValue("").equals(type);
  }

  /**
   * Token ids of a text; null if it has characters that are not for this, or may have a special
   * token in it.
   */
  int @Nullable [] encode(String text, boolean addSpecialTokens) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPlain(c) || beginnings.get(c)) {
        return null;
      }
    }
    String normal = lowercase ? text.toLowerCase(Locale.ROOT) : text;
    int[] first = addSpecialTokens ? before : NONE;
    int[] last = addSpecialTokens ? after : NONE;
    int[] ids = Arrays.copyOf(first, first.length + normal.length() + last.length);
    int count = first.length;
    int start = 0;
    while (start < normal.length()) {
      int end = wordEnd(normal, start);
      if (end > start) {
        count = addWord(normal, start, end, ids, count);
      }
      start = Math.max(end, start + 1);
    }
    System.arraycopy(last, 0, ids, count, last.length);
    return Arrays.copyOf(ids, count + last.length);
  }

  private static boolean isPlain(char c) {
    return (c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE) || isLineSpace(c);
  }

  private static boolean isLineSpace(char c) {
    return c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || isLineSpace(c);
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /* The start itself if there is a space. */
  private static int wordEnd(String text, int start) {
    if (!isLetterOrDigit(text.charAt(start))) {
      return isSpace(text.charAt(start)) ? start : start + 1;
    }
    int end = start + 1;
    while (end < text.length() && isLetterOrDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /* A word of which a rest is not in the vocabulary is one unknown token. */
  private int addWord(String text, int start, int end, int[] ids, int count) {
    if (end - start > longestWord) {
      ids[count] = unknown;
      return count + 1;
    }
    int size = count;
    int from = start;
    while (from < end) {
      int to = Math.min(end, from + longestPiece);
      OptionalInt id = piece(text, start, from, to);
      while (id.isEmpty() && to > from + 1) {
        to--;
        id = piece(text, start, from, to);
      }
      if (id.isEmpty()) {
        ids[count] = unknown;
        return count + 1;
      }
      ids[size++] = id.getAsInt();
      from = to;
    }
    return size;
  }

  private OptionalInt piece(String text, int wordStart, int from, int to) {
    String piece = text.substring(from, to);
    return vocabulary.id(from == wordStart ? piece : continuingPrefix + piece);
  }
}
