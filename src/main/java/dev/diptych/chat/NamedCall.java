package dev.diptych.chat;

import org.jspecify.annotations.Nullable;

/** A call as Mistral's newer models write it: {@code name[ARGS]{…}}. */
final class NamedCall implements CallWriting {

  private static final String ID_MARK = "[CALL_ID]";
  private static final int MAX_NAME = 512; // with the id behind it

  private final JsonProgress json = new JsonProgress();
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder arguments = new StringBuilder();
  private @Nullable String name;

  @Override
  public boolean accept(char c) {
    if (name != null) {
      if (arguments.isEmpty() && Character.isWhitespace(c)) {
        return true;
      }
      arguments.append(c);
      return arguments.charAt(0) == '{' && json.accept(c);
    }
    if (c == '{') {
      return endName(head.length()) && accept(c);
    }
    head.append(c);
    int end = head.length() - ToolCallFormat.ARGUMENTS_MARK.length();
    if (end >= 0 && head.indexOf(ToolCallFormat.ARGUMENTS_MARK, end) == end) {
      return endName(end);
    }
    return head.length() <= MAX_NAME && (isNamePart(c) || head.indexOf("[") >= 0);
  }

  private boolean endName(int end) {
    int id = head.indexOf(ID_MARK);
    String whole = head.substring(0, id >= 0 && id < end ? id : end).strip();
    name = whole;
    return !whole.isEmpty() && whole.chars().allMatch(c -> isNamePart((char) c));
  }

  private static boolean isNamePart(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || "_-./: ".indexOf(c) >= 0);
  }

  @Override
  public boolean isComplete() {
    return json.isComplete();
  }

  @Override
  public @Nullable String name() {
    return name;
  }

  @Override
  public boolean hasArguments() {
    return !arguments.isEmpty();
  }

  @Override
  public boolean hasAllArguments() {
    return json.isComplete();
  }

  @Override
  public String argumentsFrom(int start) {
    return arguments.substring(start);
  }
}
