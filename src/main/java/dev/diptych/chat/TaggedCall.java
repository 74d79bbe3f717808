package dev.diptych.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call as Qwen's newer models write it: {@code <function=name><parameter=key>value</parameter>
 * </function>}. Its arguments are there when it is whole.
 */
final class TaggedCall implements CallWriting {

  private enum Place {
    TAG,
    BETWEEN,
    VALUE,
    END
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FUNCTION = "<function=";
  private static final String PARAMETER = "<parameter=";
  private static final String END_OF_VALUE = "</parameter>";
  private static final String END = "</function>";
  private static final int MAX_TAG = 300;

  private final Iterable<Tool> tools;
  private final ObjectNode arguments = JSON.createObjectNode();
  private final StringBuilder tag = new StringBuilder();
  private final StringBuilder value = new StringBuilder();
  private Place place = Place.TAG;
  private String key = "";
  private @Nullable String name;

  /**
   * A call.
   *
   * @param tools by whose parameters a value is known to be a text
   */
  TaggedCall(Iterable<Tool> tools) {
    this.tools = tools;
  }

  @Override
  public boolean accept(char c) {
    return switch (place) {
      case TAG -> inTag(c);
      case BETWEEN -> Character.isWhitespace(c) || beginTag(c);
      case VALUE -> inValue(c);
      case END -> false;
    };
  }

  private boolean beginTag(char c) {
    tag.setLength(0);
    place = Place.TAG;
    return inTag(c);
  }

  private boolean inTag(char c) {
    tag.append(c);
    if (c != '>') {
      return name == null ? mayBe(FUNCTION) : mayBe(PARAMETER) || mayBe(END);
    }
    if (name == null) {
      name = named(FUNCTION);
      place = Place.BETWEEN;
      return !name.isEmpty();
    }
    if (END.contentEquals(tag)) {
      place = Place.END;
      return true;
    }
    key = named(PARAMETER);
    value.setLength(0);
    place = Place.VALUE;
    return !key.isEmpty();
  }

  private boolean mayBe(String beginning) {
    int common = Math.min(beginning.length(), tag.length());
    return tag.length() <= MAX_TAG
        && beginning.substring(0, common).contentEquals(tag.subSequence(0, common));
  }

  private String named(String beginning) {
    String text = tag.toString();
    return text.startsWith(beginning)
        ? text.substring(beginning.length(), text.length() - 1).strip()
        : "";
  }

  private boolean inValue(char c) {
    value.append(c);
    int end = value.length() - END_OF_VALUE.length();
    if (c == '>' && end >= 0 && value.indexOf(END_OF_VALUE, end) == end) {
      value.setLength(end);
      arguments.set(key, typed(withoutLineBreaks(value.toString())));
      place = Place.BETWEEN;
    }
    return true;
  }

  private static String withoutLineBreaks(String text) {
    int start = text.startsWith("\n") ? 1 : 0;
    int end = text.length() - (text.length() > start && text.endsWith("\n") ? 1 : 0);
    return text.substring(start, end);
  }

  private JsonNode typed(String text) {
    JsonNode asText = JSON.getNodeFactory().stringNode(text);
    for (Tool tool : tools) {
      if (tool.name().equals(name)
          && ToolJson.parameters(tool)
              .path("properties")
              .path(key)
              .path("type")
              .asString("")
              .equals("string")) {
        return asText;
      }
    }
    try {
      JsonNode parsed = JSON.readTree(text);
      return parsed == null || parsed.isMissingNode() || parsed.isString() ? asText : parsed;
    } catch (JacksonException e) {
      return asText;
    }
  }

  @Override
  public boolean isComplete() {
    return place == Place.END;
  }

  @Override
  public @Nullable String name() {
    return name;
  }

  @Override
  public boolean hasArguments() {
    return isComplete();
  }

  @Override
  public boolean hasAllArguments() {
    return isComplete();
  }

  @Override
  public String argumentsFrom(int start) {
    return JSON.writeValueAsString(arguments).substring(start);
  }
}
