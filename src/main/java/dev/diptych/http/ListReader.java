package dev.diptych.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Reads texts and token ids of a JSON body one after another, and refuses anything else before it
 * takes memory.
 */
public final class ListReader {

  /** Most texts, or lists of ids, of one list. */
  public static final int MAX_ELEMENTS = 1 << 16;

  private static final int FEW = 64;

  private final JsonParser parser;
  private final JavaType target;
  private final String forms;

  /**
   * @param target what is read, for messages
   * @param forms what it must be, for messages
   */
  public ListReader(
      JsonParser parser, DeserializationContext context, Class<?> target, String forms) {
    this.parser = parser;
    this.target = context.constructType(target);
    this.forms = forms;
  }

  /** Whether a text comes. */
  public boolean isText() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  /** The text that comes. */
  public String text() {
    if (!isText()) {
      throw refusal(forms);
    }
    return parser.getString();
  }

  /** One text alone, or a list of texts. */
  public List<String> textOrTexts() {
    return isText() ? List.of(text()) : texts();
  }

  /** A list of texts. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    openList();
    while (!closesList()) {
      add(texts, text());
    }
    return texts;
  }

  /** Goes into a list, to its first element. */
  public void openList() {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw refusal(forms);
    }
    parser.nextToken();
  }

  /** Whether an object comes. */
  public boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /** Refuses whatever comes if it is no object. */
  public void requireObject() {
    if (!isObject()) {
      throw refusal(forms);
    }
  }

  /** Whether the list ends here, or nothing is left to read. */
  public boolean closesList() {
    return parser.currentToken() == null || parser.currentToken() == JsonToken.END_ARRAY;
  }

  /** Whether a number comes. */
  public boolean isNumber() {
    return parser.currentToken() != null && parser.currentToken().isNumeric();
  }

  /** The token ids from here to the end of their list. */
  public int[] ids() {
    int[] ids = new int[FEW];
    int size = 0;
    for (; !closesList(); parser.nextToken()) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() != JsonParser.NumberType.INT) {
        throw refusal(forms);
      }
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
      }
      ids[size++] = parser.getIntValue();
    }
    return Arrays.copyOf(ids, size);
  }

  /** Keeps an element, and goes to the next one. */
  public <T> void add(List<T> elements, T element) {
    if (elements.size() == MAX_ELEMENTS) {
      throw refusal("must have at most %d elements".formatted(MAX_ELEMENTS));
    }
    elements.add(element);
    parser.nextToken();
  }

  /** What is thrown at any other form. */
  public ValueInstantiationException refused() {
    return refusal(forms);
  }

  private ValueInstantiationException refusal(String message) {
    return ValueInstantiationException.from(
        parser, message, target, new IllegalArgumentException(message));
  }
}
