package dev.diptych.tokenization;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns a stream of tokens into text piece by piece, never splitting a character. One stream, one
 * thread.
 */
public final class StreamingDetokenizer {

  /*
   * A token's text depends on its neighbours: a character's bytes may be spread over tokens, and
   * some decoders drop the first space. So a window of the last tokens is decoded at each step, and
   * what its text has more than was given out is new. While the text ends in replacement
   * characters, bytes may be missing and these are held back, as text-generation-inference and
   * vLLM do; of a long run of them only the last can still change.
   *
   * The window is cut where the text of the rest is the end of the whole text. At least four tokens
   * stay, more than the bytes of a character that may still be incomplete, so what lies before the
   * cut is final. Each step thus decodes a bounded number of tokens.
   */

  private static final int WINDOW_TOKENS = 16;
  private static final int MIN_TOKENS_AFTER_CUT = 4;
  private static final int MAX_TOKENS_AFTER_CUT = 8;
  private static final int MAX_HELD_CHARACTERS = 12;
  private static final char REPLACEMENT = '\uFFFD';

  private final Tokenizer tokenizer;
  private final boolean skipSpecialTokens;
  private final List<Integer> window;
  private int given; // characters of the window's text that were given out

  /** A detokenizer that leaves special tokens out of the text. */
  public StreamingDetokenizer(Tokenizer tokenizer, List<Integer> context) {
    this(tokenizer, context, true);
  }

  /**
   * A detokenizer for the text that follows a context.
   *
   * @param context the ids before the stream; its text is not given out, except for a character
   *     that only the stream completes
   * @param skipSpecialTokens whether special tokens are left out of the text
   */
  public StreamingDetokenizer(
      Tokenizer tokenizer, List<Integer> context, boolean skipSpecialTokens) {
    this.tokenizer = tokenizer;
    this.skipSpecialTokens = skipSpecialTokens;
    int first = Math.max(0, context.size() - WINDOW_TOKENS);
    this.window = new ArrayList<>(context.subList(first, context.size()));
    this.given = endOfCharacters(decode(0));
  }

  /** Takes the next token and returns the text that is complete with it, possibly empty. */
  public String append(int id) {
    if (skipSpecialTokens && tokenizer.isSpecial(id)) {
      return "";
    }
    window.add(id);
    String text = decode(0);
    String fresh = from(given, text, endOfCharacters(text));
    given += fresh.length();
    if (window.size() > WINDOW_TOKENS) {
      cut(text);
    }
    return fresh;
  }

  /** The text still held back, with U+FFFD for what is no character. Ends the stream. */
  public String finish() {
    String text = decode(0);
    String rest = from(given, text, text.length());
    given += rest.length();
    return rest;
  }

  private void cut(String text) {
    for (int kept = MIN_TOKENS_AFTER_CUT; kept <= MAX_TOKENS_AFTER_CUT; kept++) {
      int first = window.size() - kept;
      String rest = decode(first);
      int dropped = text.length() - rest.length();
      if (dropped <= given && text.endsWith(rest)) {
        window.subList(0, first).clear();
        given -= dropped;
        return;
      }
    }
  }

  private String decode(int first) {
    int[] ids = new int[window.size() - first];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = window.get(first + i);
    }
    return ids.length == 0 ? "" : tokenizer.decode(ids, skipSpecialTokens);
  }

  private static String from(int start, String text, int end) {
    return start < end ? text.substring(start, end) : "";
  }

  private static int endOfCharacters(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == REPLACEMENT) {
      end--;
    }
    return text.length() - end > MAX_HELD_CHARACTERS ? text.length() - 1 : end;
  }
}
