package dev.diptych.generation;

import dev.diptych.tokenization.StreamingDetokenizer;
import dev.diptych.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the tokens of a text lie in it. */
final class TokenPlaces {

  private TokenPlaces() {}

  /**
   * The places of tokens whose text is known. As the tokenizer tells them, if it makes the same
   * tokens of the text; else, as where a special token's name stands in a text as a mere text, by
   * what each token adds when the tokens are put together.
   */
  static List<PlacedToken> of(Tokenizer tokenizer, String text, int[] ids) {
    Tokenizer.Encoding encoding = tokenizer.encodeWithOffsets(text, false);
    return Arrays.equals(encoding.ids(), ids) ? told(encoding, text) : added(tokenizer, ids);
  }

  private static List<PlacedToken> told(Tokenizer.Encoding encoding, String text) {
    int[] characters = new int[text.length() + 1]; // before each UTF-16 unit
    for (int unit = 0; unit < text.length(); unit++) {
      characters[unit + 1] =
          characters[unit] + (Character.isLowSurrogate(text.charAt(unit)) ? 0 : 1);
    }
    List<PlacedToken> tokens = new ArrayList<>(encoding.ids().length);
    for (int i = 0; i < encoding.ids().length; i++) {
      int start = Math.max(0, encoding.starts()[i]);
      int end = Math.max(start, encoding.ends()[i]);
      tokens.add(
          new PlacedToken(
              encoding.ids()[i], text.substring(start, end), characters[start], characters[end]));
    }
    return tokens;
  }

  private static List<PlacedToken> added(Tokenizer tokenizer, int[] ids) {
    StreamingDetokenizer detokenizer = new StreamingDetokenizer(tokenizer, List.of(), false);
    List<PlacedToken> tokens = new ArrayList<>(ids.length);
    int before = 0;
    for (int i = 0; i < ids.length; i++) {
      String piece = detokenizer.append(ids[i]);
      piece = i == ids.length - 1 ? piece + detokenizer.finish() : piece;
      int end = before + piece.codePointCount(0, piece.length());
      tokens.add(new PlacedToken(ids[i], piece, before, end));
      before = end;
    }
    return tokens;
  }
}
