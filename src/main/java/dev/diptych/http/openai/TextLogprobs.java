package dev.diptych.http.openai;

import dev.diptych.generation.GeneratedToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a text with their probabilities, list by list.
 *
 * @param textOffset where each begins in the text, in characters
 * @param tokenLogprobs null for the first token of a prompt
 * @param topLogprobs the most probable tokens at each place and the one that stands there
 */
record TextLogprobs(
    List<Integer> textOffset,
    List<@Nullable Double> tokenLogprobs,
    List<String> tokens,
    List<@Nullable Map<String, Double>> topLogprobs) {

  /** Puts them together, from one text or from its parts. */
  static final class Builder {

    private final TokenSpelling spelling;
    private final List<Integer> offsets = new ArrayList<>();
    private final List<@Nullable Double> logprobs = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private final List<@Nullable Map<String, Double>> tops = new ArrayList<>();
    private int offset;

    Builder(TokenSpelling spelling) {
      this.spelling = spelling;
    }

    /** Takes tokens one after the other. */
    Builder add(List<GeneratedToken> next, List<List<GeneratedToken>> top) {
      for (int i = 0; i < next.size(); i++) {
        add(next.get(i), i < top.size() ? top.get(i) : List.of());
      }
      return this;
    }

    /** Takes a token. */
    Builder add(GeneratedToken token, List<GeneratedToken> top) {
      byte[] bytes = spelling.bytes(token);
      String text = TokenSpelling.name(bytes);
      boolean isKnown = token.logProbability() != null;
      offsets.add(offset);
      tokens.add(text);
      logprobs.add(isKnown ? Double.valueOf(TokenLogprob.number(token)) : null);
      tops.add(isKnown ? best(token, text, top) : null);
      offset += token.special() ? 0 : TokenSpelling.characters(bytes);
      return this;
    }

    private Map<String, Double> best(GeneratedToken token, String text, List<GeneratedToken> top) {
      Map<String, Double> best = new LinkedHashMap<>();
      for (GeneratedToken other : top) {
        best.putIfAbsent(TokenSpelling.name(spelling.bytes(other)), TokenLogprob.number(other));
      }
      best.putIfAbsent(text, TokenLogprob.number(token));
      return best;
    }

    /** What was taken since the last time. */
    TextLogprobs take() {
      TextLogprobs taken =
          new TextLogprobs(
              new ArrayList<>(offsets),
              new ArrayList<>(logprobs),
              new ArrayList<>(tokens),
              new ArrayList<>(tops));
      offsets.clear();
      logprobs.clear();
      tokens.clear();
      tops.clear();
      return taken;
    }
  }
}
