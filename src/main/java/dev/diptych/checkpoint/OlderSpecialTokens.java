package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tokens beside the vocabulary of a tokenizer without {@code tokenizer.json}: those that the
 * files add, and the special ones, which come behind the vocabulary where it lacks them.
 */
final class OlderSpecialTokens {

  private static final int MAX_ID = 1 << 24;

  /**
   * A special token.
   *
   * @param role its key in the files
   * @param usual what it is when they do not say; null for none
   * @param stripsLeft whether it takes the spaces before it along, unless they say otherwise
   */
  record Special(String role, @Nullable String usual, boolean stripsLeft) {

    Special(String role, @Nullable String usual) {
      this(role, usual, false);
    }
  }

  private final OlderTokenizerSettings settings;
  private final Map<String, Integer> vocabulary;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, Map<String, Object>> added = new TreeMap<>();
  private final Set<String> described = new HashSet<>();
  private final Map<String, String> roles = new HashMap<>();

  private OlderSpecialTokens(OlderTokenizerSettings settings, Map<String, Integer> vocabulary) {
    this.settings = settings;
    this.vocabulary = vocabulary;
  }

  /**
   * Reads them.
   *
   * @param vocabulary that the tokenizer has without them
   * @param specials in the order in which transformers adds them
   * @param ofVocabulary tokens that the vocabulary itself sets apart, and whether they are special
   */
  static OlderSpecialTokens read(
      OlderTokenizerSettings settings,
      Map<String, Integer> vocabulary,
      List<Special> specials,
      Map<String, Boolean> ofVocabulary)
      throws InvalidCheckpoint {
    OlderSpecialTokens tokens = new OlderSpecialTokens(settings, vocabulary);
    ofVocabulary.forEach(tokens::addOwn);
    tokens.addDecoder();
    tokens.addPlain();
    for (Special special : specials) {
      tokens.add(special);
    }
    for (JsonNode further : settings.furtherSpecial().toList()) {
      tokens.addSpecial(text(further), further, false);
    }
    return tokens;
  }

  /** The text of a token with a role; null if there is none. */
  @Nullable String text(String role) {
    return roles.get(role);
  }

  /** The same, which must be there. */
  String required(String role) throws InvalidCheckpoint {
    String text = roles.get(role);
    if (text == null) {
      throw new InvalidCheckpoint("the tokenizer has no " + role);
    }
    return text;
  }

  /** The id of a token. */
  int id(String token) {
    Integer id = ids.get(token);
    return id == null ? vocabulary.getOrDefault(token, 0) : id;
  }

  /** The content of {@code added_tokens}. */
  List<Map<String, Object>> added() {
    return List.copyOf(added.values());
  }

  private void addOwn(String text, boolean special) {
    Integer id = vocabulary.get(text);
    if (id != null) {
      added.put(id, TokenizerJson.addedToken(id, text, special));
      ids.put(text, id);
    }
  }

  private void addDecoder() throws InvalidCheckpoint {
    for (Map.Entry<String, JsonNode> entry :
        settings.settings().path("added_tokens_decoder").properties()) {
      JsonNode token = entry.getValue();
      put(
          number(entry.getKey()),
          text(token),
          token,
          token.path("special").asBoolean(false),
          false);
      described.add(text(token));
    }
  }

  private void addPlain() throws InvalidCheckpoint {
    for (Map.Entry<String, JsonNode> entry : settings.addedTokens().properties()) {
      if (!ids.containsKey(entry.getKey())) {
        put(number(entry.getValue().asString("")), entry.getKey(), entry.getValue(), false, false);
      }
    }
  }

  private void add(Special special) throws InvalidCheckpoint {
    JsonNode said = settings.special(special.role);
    String text = said.isMissingNode() ? special.usual : said.isNull() ? null : text(said);
    if (text != null) {
      roles.put(special.role, text);
      addSpecial(text, said, special.stripsLeft);
    }
  }

  private void addSpecial(String text, JsonNode said, boolean stripsLeft) throws InvalidCheckpoint {
    Integer known = ids.get(text);
    if (known != null && described.contains(text)) {
      Objects.requireNonNull(added.get(known)).put("special", true);
      return;
    }
    int next = vocabulary.size();
    if (!added.isEmpty()) {
      next = Math.max(next, 1 + added.keySet().stream().reduce(0, Math::max));
    }
    int own = vocabulary.getOrDefault(text, next);
    put(known == null ? own : known, text, said, true, stripsLeft);
  }

  private void put(int id, String text, JsonNode said, boolean special, boolean stripsLeft)
      throws InvalidCheckpoint {
    Integer own = vocabulary.get(text);
    Map<String, Object> before = added.get(id);
    if ((own != null && own != id) || (before != null && !text.equals(before.get("content")))) {
      throw new InvalidCheckpoint(
          "the added token %s has the id %d, which is not its own".formatted(quote(text), id));
    }
    Map<String, Object> token = TokenizerJson.addedToken(id, text, special);
    token.put("single_word", said.path("single_word").asBoolean(false));
    token.put("lstrip", said.path("lstrip").asBoolean(stripsLeft));
    token.put("rstrip", said.path("rstrip").asBoolean(false));
    token.put("normalized", said.path("normalized").asBoolean(!special));
    added.put(id, token);
    ids.put(text, id);
  }

  private static int number(String number) throws InvalidCheckpoint {
    if (!number.matches("\\d{1,8}") || Integer.parseInt(number) > MAX_ID) {
      throw new InvalidCheckpoint("the id %s of an added token is none".formatted(quote(number)));
    }
    return Integer.parseInt(number);
  }

  private static String text(JsonNode token) throws InvalidCheckpoint {
    JsonNode text = token.isObject() ? token.path("content") : token;
    if (!text.isString() || text.stringValue().isEmpty()) {
      throw new InvalidCheckpoint(
          "a special token is %s, not a text".formatted(quote(token.toString())));
    }
    return text.stringValue();
  }
}
