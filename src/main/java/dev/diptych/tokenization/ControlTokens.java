package dev.diptych.tokenization;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.template.PlaceMark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tokens of a vocabulary by which a prompt steers its model, such as {@code <|im_end|>}. In a
 * text that a template writes around the texts of others, only what the template wrote itself
 * becomes one of them.
 */
public final class ControlTokens {

  /*
   * In the texts of others each control token is broken by a mark behind its first character, which
   * goes with it through the template. So is a text's end that begins one and a text's beginning
   * that ends one, as a template may write two texts side by side, and a text from which a template
   * cuts something out in the middle of one.
   *
   * A prompt without such a mark is tokenized as it stands. In any other the control tokens that are
   * whole are written in the spelling by which another tokenizer finds them, one that takes their
   * own for text. It sees the whole prompt, so all other tokens are what they were.
   */

  private static final int MAX_NESTING = 100;
  private static final int SHORTEST_PART = 2; // of a token, at the end of a text

  private final Tokenizer tokenizer;
  private final Set<String> tokens;
  private final TokenTrie trie;
  private final Set<String> endings = new HashSet<>();
  private final List<String> cutOut;
  private final int longest;

  /**
   * The control tokens of a vocabulary.
   *
   * @param named whether a token that is not marked as special steers the model nevertheless
   * @param cutOut what the template takes out of texts
   */
  public ControlTokens(Tokenizer tokenizer, Predicate<String> named, List<String> cutOut) {
    this.tokenizer = tokenizer;
    this.cutOut = List.copyOf(cutOut);
    this.tokens = new TreeSet<>();
    for (AddedToken token : tokenizer.addedTokens()) {
      if (!token.content().isBlank() && (token.special() || named.test(token.content()))) {
        tokens.add(token.content());
      }
    }
    this.trie = new TokenTrie(tokens);
    this.longest = tokens.stream().mapToInt(String::length).max().orElse(0);
    for (String token : tokens) {
      for (int i = 1; i <= token.length() - SHORTEST_PART; i++) {
        endings.add(token.substring(i));
      }
    }
  }

  /** A text of somebody else, marked where it spells a control token. */
  public String marked(String text) {
    String wellFormed = markedWhereCutOut(WellFormed.of(text));
    StringBuilder marked = null;
    int copied = 0;
    for (int i = 0; i < wellFormed.length(); i++) {
      if (isToBreak(wellFormed, i)) {
        int cut = afterFirstCharacter(wellFormed, i);
        marked = marked == null ? new StringBuilder() : marked;
        marked.append(wellFormed, copied, cut).append(PlaceMark.BREAK.character());
        copied = cut;
      }
    }
    return marked == null
        ? wellFormed
        : marked.append(wellFormed, copied, wellFormed.length()).toString();
  }

  /**
   * A name of somebody else, which a template may write into a control token, as in {@code
   * <|name|>}; marked also where it would be the middle of one.
   */
  public String markedName(String name) {
    String marked = marked(name);
    boolean isInside = !name.isEmpty() && tokens.stream().anyMatch(token -> token.contains(name));
    return isInside && marked.equals(name)
        ? new StringBuilder(name)
            .insert(name.offsetByCodePoints(0, 1), PlaceMark.BREAK.character())
            .toString()
        : marked;
  }

  private String markedWhereCutOut(String text) {
    String rest = text;
    for (String part : cutOut) {
      rest = rest.replace(part, "");
    }
    if (rest.length() == text.length() || !holdsToken(rest)) {
      return text;
    }
    String marked = text;
    for (String part : cutOut) {
      marked = marked.replace(part, part + PlaceMark.BREAK.character());
    }
    return marked;
  }

  private boolean holdsToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (trie.begins(text.charAt(i)) && trie.at(text, i).end() >= 0) {
        return true;
      }
    }
    return false;
  }

  private boolean isToBreak(String text, int i) {
    if (i == 0 && endsToken(text)) {
      return true;
    }
    if (!trie.begins(text.charAt(i))) {
      return false;
    }
    TokenTrie.Match match = trie.at(text, i);
    boolean endsWithin = match.reach() == text.length() && text.length() - i >= SHORTEST_PART;
    return match.end() >= 0 || endsWithin;
  }

  private boolean endsToken(String text) {
    for (int length = SHORTEST_PART; length <= Math.min(longest, text.length()); length++) {
      if (endings.contains(text.substring(0, length))) {
        return true;
      }
    }
    return false;
  }

  /* Of a token that is one character, before it. */
  private int afterFirstCharacter(String text, int i) {
    int next = text.offsetByCodePoints(i, 1);
    return trie.at(text, i).end() == next ? i : next;
  }

  /**
   * Values of somebody else for a template, with every text in them marked.
   *
   * @throws InvalidInput if they are nested too deeply
   */
  public @Nullable Object marked(@Nullable Object value) {
    return marked(value, 0);
  }

  private @Nullable Object marked(@Nullable Object value, int depth) {
    if (depth > MAX_NESTING) {
      throw new InvalidInput("a value for the template is nested deeper than " + MAX_NESTING);
    }
    return switch (value) {
      case String text -> marked(text);
      case JsonNode node when node.isString() -> marked(node.stringValue());
      case JsonNode node when node.isArray() -> list(node, depth);
      case JsonNode node when node.isObject() -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
          entries.put(marked(entry.getKey()), marked(entry.getValue(), depth + 1));
        }
        yield entries;
      }
      case List<?> list -> list(list, depth);
      case Map<?, ?> map -> {
        Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
        map.forEach(
            (key, item) -> entries.put(marked(String.valueOf(key)), marked(item, depth + 1)));
        yield entries;
      }
      case null, default -> value;
    };
  }

  private List<@Nullable Object> list(Iterable<?> items, int depth) {
    List<@Nullable Object> marked = new ArrayList<>();
    items.forEach(item -> marked.add(marked(item, depth + 1)));
    return marked;
  }

  /** What a template wrote, without marks. */
  public static String unmarked(String rendered) {
    return PlaceMark.BREAK.removedFrom(rendered);
  }

  /** The tokens of what a template wrote: a control token only where it is not broken. */
  public int[] encode(String rendered) {
    if (PlaceMark.BREAK.lastIn(rendered) < 0) {
      return tokenizer.encode(rendered, false);
    }
    RespelledTokens respelled = tokenizer.respelled(tokens);
    return respelled.encoder().encode(respelled(rendered, respelled.spellings()));
  }

  private String respelled(String rendered, Map<String, String> spellings) {
    StringBuilder text = new StringBuilder(rendered.length());
    boolean broken = false;
    for (int i = 0; i < rendered.length(); ) {
      if (PlaceMark.BREAK.isAt(rendered, i)) {
        broken = true;
        i++;
        continue;
      }
      int end = trie.begins(rendered.charAt(i)) ? trie.at(rendered, i).end() : -1;
      boolean isWhole = end >= 0 && !(broken && end == rendered.offsetByCodePoints(i, 1));
      broken = false;
      if (isWhole) {
        String token = rendered.substring(i, end);
        text.append(spellings.getOrDefault(token, token));
        i = end;
      } else {
        text.append(rendered.charAt(i++));
      }
    }
    return text.toString();
  }
}
