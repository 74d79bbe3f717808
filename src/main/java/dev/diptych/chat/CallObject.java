package dev.diptych.chat;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A call as one JSON object: {@code {"name": …, "arguments": {…}}}. */
final class CallObject implements CallWriting {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> MEMBERS =
      Set.of("name", "arguments", "parameters", "type", "id");

  private final JsonProgress json = new JsonProgress();
  private final StringBuilder written = new StringBuilder();
  private final StringBuilder member = new StringBuilder(); // its name, with quotes
  private boolean wasInName;
  private int valueStart = -1;
  private boolean inArguments;
  private @Nullable String name;
  private @Nullable String arguments;
  private boolean broken;
  private boolean hasOthers;

  @Override
  public boolean accept(char c) {
    boolean isFirst = written.isEmpty();
    int depth = json.depth();
    boolean mayBegin = depth == 1 && json.expectsValue();
    if (broken || !json.accept(c) || (isFirst && c != '{')) {
      broken = true;
      return false;
    }
    written.append(c);
    if (depth == 1 && json.isInName()) {
      member.setLength(wasInName ? member.length() : 0);
      member.append(c);
    } else if (mayBegin && !Character.isWhitespace(c)) {
      valueStart = written.length() - 1;
      JsonNode key = parsed(member.toString());
      inArguments = c == '{' && isArguments(key);
      hasOthers |= key == null || !MEMBERS.contains(key.asString(""));
    }
    wasInName = json.isInName();
    if (valueStart >= 0 && json.depth() <= 1 && !json.isInScalar()) {
      endValue();
    }
    return !broken;
  }

  private void endValue() {
    char first = written.charAt(valueStart);
    boolean hasEnd = first == '"' || first == '{' || first == '[';
    String value = written.substring(valueStart, written.length() - (hasEnd ? 0 : 1)).strip();
    valueStart = -1;
    inArguments = false;
    JsonNode key = parsed(member.toString());
    if (isName(key)) {
      JsonNode text = parsed(value);
      name = text == null ? "" : text.stringValue("");
      broken = name.isEmpty();
    } else if (isArguments(key)) {
      arguments = arguments(value);
      broken = arguments == null;
    }
  }

  /* Of members that are there twice, the first counts. */
  private boolean isName(@Nullable JsonNode member) {
    return name == null && member != null && member.asString("").equals("name");
  }

  private boolean isArguments(@Nullable JsonNode member) {
    String key = member == null ? "" : member.asString("");
    return arguments == null && (key.equals("arguments") || key.equals("parameters"));
  }

  /* Some models write the object as a text. */
  private static @Nullable String arguments(String value) {
    JsonNode parsed = parsed(value);
    if (parsed == null || parsed.isNull()) {
      return parsed == null ? null : "{}";
    }
    if (parsed.isObject()) {
      return value;
    }
    return parsed.isString() && ToolJson.object(parsed.stringValue()) != null
        ? parsed.stringValue()
        : null;
  }

  private static @Nullable JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  @Override
  public boolean isComplete() {
    return json.isComplete() && name != null && !broken;
  }

  @Override
  public @Nullable String name() {
    return name;
  }

  @Override
  public boolean hasArguments() {
    return inArguments || hasAllArguments();
  }

  @Override
  public boolean hasAllArguments() {
    return arguments != null || isComplete();
  }

  @Override
  public String argumentsFrom(int start) {
    if (hasAllArguments()) {
      return (arguments == null ? "{}" : arguments).substring(start);
    }
    return inArguments ? written.substring(valueStart + start) : "";
  }

  /** Whether it has members that no call has. */
  boolean hasOthers() {
    return hasOthers;
  }

  /** Whether the object has ended without being a call. */
  boolean isOther() {
    return json.isComplete() && name == null;
  }
}
