package dev.diptych.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model writes behind the mark of calls: one call, or a list of them. */
final class CallBlock {

  /** What a character made of the block. */
  enum Progress {
    GOES_ON,
    /** A call is whole. */
    CALL_ENDED,
    /** The list of calls is whole. */
    LIST_ENDED,
    /** It is no block of calls with this character. */
    BROKEN
  }

  private enum Place {
    BEFORE,
    BEFORE_ITEM,
    IN_CALL,
    BEHIND_ITEM
  }

  private final ToolCallFormat format;
  private final List<Tool> tools;
  private Place place = Place.BEFORE;
  private boolean isList;
  private @Nullable CallWriting call;

  CallBlock(ToolCallFormat format, List<Tool> tools) {
    this.format = format;
    this.tools = tools;
  }

  /** The call that is written or has just ended; null between calls. */
  @Nullable CallWriting call() {
    return call;
  }

  Progress accept(char c) {
    boolean isSpace = Character.isWhitespace(c);
    return switch (place) {
      case BEFORE -> isSpace ? Progress.GOES_ON : begin(c);
      case BEFORE_ITEM -> isSpace ? Progress.GOES_ON : beginItem(c);
      case IN_CALL -> inCall(c);
      case BEHIND_ITEM -> {
        call = null;
        yield isSpace ? Progress.GOES_ON : behindItem(c);
      }
    };
  }

  private Progress begin(char c) {
    if (c == '[') {
      isList = true;
      place = Place.BEFORE_ITEM;
      return Progress.GOES_ON;
    }
    if (c == '<' && format == ToolCallFormat.HERMES) {
      return begin(new TaggedCall(tools), c);
    }
    return c != '{' && format.hasShortIds() ? begin(new NamedCall(), c) : beginItem(c);
  }

  private Progress beginItem(char c) {
    return c == '{' ? begin(new CallObject(), c) : Progress.BROKEN;
  }

  private Progress begin(CallWriting begun, char c) {
    call = begun;
    place = Place.IN_CALL;
    return inCall(c);
  }

  private Progress inCall(char c) {
    CallWriting written = call;
    if (written == null || !written.accept(c)) {
      return Progress.BROKEN;
    }
    if (written instanceof CallObject object && object.isOther()) {
      return Progress.BROKEN;
    }
    if (!written.isComplete()) {
      return Progress.GOES_ON;
    }
    place = Place.BEHIND_ITEM;
    return Progress.CALL_ENDED;
  }

  private Progress behindItem(char c) {
    if (c == ',') {
      place = Place.BEFORE_ITEM;
      return Progress.GOES_ON;
    }
    return c == ']' ? Progress.LIST_ENDED : Progress.BROKEN;
  }

  /** Whether further calls may follow in the same list. */
  boolean isList() {
    return isList;
  }
}
