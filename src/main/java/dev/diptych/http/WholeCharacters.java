package dev.diptych.http;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.SerializableString;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonParserDelegate;

/**
 * A JSON parser that refuses half of a surrogate pair in any string or name, escaped or as bytes:
 * it is no character, has no UTF-8, and could not be answered.
 */
final class WholeCharacters extends JsonParserDelegate {

  WholeCharacters(JsonParser parser) {
    super(parser);
  }

  @Override
  public @Nullable JsonToken nextToken() {
    return checked(super.nextToken());
  }

  @Override
  public @Nullable JsonToken nextValue() {
    JsonToken token = nextToken();
    return token == JsonToken.PROPERTY_NAME ? nextToken() : token;
  }

  @Override
  public @Nullable String nextName() {
    String name = super.nextName();
    checked(currentToken());
    return name;
  }

  @Override
  public boolean nextName(SerializableString name) {
    boolean same = super.nextName(name);
    checked(currentToken());
    return same;
  }

  @Override
  public int nextNameMatch(PropertyNameMatcher matcher) {
    int match = super.nextNameMatch(matcher);
    checked(currentToken());
    return match;
  }

  @Override
  public void finishToken() {
    super.finishToken();
    checked(currentToken());
  }

  @Override
  public JsonParser skipChildren() {
    int open = isOpening(currentToken()) ? 1 : 0;
    while (open > 0) {
      JsonToken token = nextToken();
      if (token == null) {
        return this;
      }
      open += isOpening(token) ? 1 : token.isStructEnd() ? -1 : 0;
    }
    return this;
  }

  private static boolean isOpening(@Nullable JsonToken token) {
    return token != null && token.isStructStart();
  }

  private @Nullable JsonToken checked(@Nullable JsonToken token) {
    if (token == JsonToken.VALUE_STRING) {
      check(getString());
    } else if (token == JsonToken.PROPERTY_NAME) {
      check(currentName());
    }
    return token;
  }

  private void check(String text) {
    boolean opened = false; // the last unit was the first half of a pair
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (opened != Character.isLowSurrogate(unit)) {
        throw half(opened ? text.charAt(i - 1) : unit);
      }
      opened = Character.isHighSurrogate(unit);
    }
    if (opened) {
      throw half(text.charAt(text.length() - 1));
    }
  }

  private StreamReadException half(char unit) {
    return new StreamReadException(
        this,
        "a string holds half of a surrogate pair (\\u%04x), which is no character"
            .formatted((int) unit),
        currentTokenLocation());
  }
}
