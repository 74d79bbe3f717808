package dev.diptych.chat;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds calls of tools in the text of an answer; what is none is content. */
final class CallReader {

  /*
   * Text that may become the mark of a call is held back, and the spaces before it, which are no
   * content if a call follows. Behind the mark a call is read; as soon as it cannot be one, all of
   * it is given back as content. A reader that is live gives arguments as they come, so it can take
   * back what it gave no more: the rest becomes content.
   */

  private enum Place {
    TEXT,
    CALL,
    BEHIND_CALL
  }

  private final ToolCallFormat format;
  private final List<Tool> tools;
  private final Set<String> names;
  private final boolean live;
  private final AnswerParts parts;
  private final HeldMark held = new HeldMark();
  private final StringBuilder written = new StringBuilder(); // since the last call ended
  private Place place = Place.TEXT;
  private CallBlock block;
  private final StringBuilder behind = new StringBuilder(); // a mark behind a call
  private boolean isMarked;
  private int markLength;
  private boolean started;
  private int given; // characters of the arguments
  private boolean hasContent;

  CallReader(ToolCallFormat format, List<Tool> tools, boolean live, AnswerParts parts) {
    this.format = format;
    this.tools = List.copyOf(tools);
    this.names = tools.stream().map(Tool::name).collect(Collectors.toUnmodifiableSet());
    this.live = live;
    this.parts = parts;
    this.block = newBlock();
  }

  private CallBlock newBlock() {
    return new CallBlock(format, tools);
  }

  void accept(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      accept(text.charAt(i));
    }
  }

  void accept(char c) {
    switch (place) {
      case TEXT -> inText(c);
      case CALL -> inCall(c);
      case BEHIND_CALL -> behindCall(c);
    }
  }

  private void inText(char c) {
    if (mayBeginUnmarked(c)) {
      begin(false, held.take());
      inCall(c);
      return;
    }
    content(held.accept(c, format.open()));
    if (held.is(format.open())) {
      begin(true, held.take());
    }
  }

  private boolean mayBeginUnmarked(char c) {
    return format == ToolCallFormat.LLAMA3
        && c == '{'
        && !hasContent
        && held.isBlank()
        && parts.calls() == 0;
  }

  private void begin(boolean withMark, String mark) {
    written.setLength(0);
    written.append(mark);
    markLength = mark.length();
    block = newBlock();
    isMarked = withMark;
    started = false;
    given = 0;
    place = Place.CALL;
  }

  private void inCall(char c) {
    CallBlock.Progress progress = block.accept(c);
    CallWriting call = block.call();
    if (call != null && isForeign(call)) {
      progress = CallBlock.Progress.BROKEN;
    }
    switch (progress) {
      case GOES_ON -> {
        written.append(c);
        if (live && call != null) {
          give(call);
        }
      }
      case CALL_ENDED -> {
        endCall(Objects.requireNonNull(call));
        place = block.isList() ? Place.CALL : Place.BEHIND_CALL;
      }
      case LIST_ENDED -> place = Place.BEHIND_CALL;
      case BROKEN -> breakOff(c, call);
    }
  }

  /* Without a mark, it is a call only of a tool that there is, and has nothing else in it. */
  private boolean isForeign(CallWriting call) {
    String name = call.name();
    boolean isOther = call instanceof CallObject object && object.hasOthers();
    return !isMarked && (isOther || (name != null && !names.contains(name)));
  }

  private void give(CallWriting call) {
    String name = call.name();
    if (name == null || !call.hasArguments()) {
      return;
    }
    if (!started) {
      parts.startCall(name);
      started = true;
    }
    String fragment = call.argumentsFrom(given);
    parts.arguments(fragment);
    given += fragment.length();
  }

  private void endCall(CallWriting call) {
    give(call);
    started = false;
    given = 0;
    written.setLength(0);
    markLength = 0;
  }

  private static boolean isUsable(@Nullable CallWriting call) {
    return call != null && call.name() != null && call.hasAllArguments();
  }

  private void breakOff(char c, @Nullable CallWriting call) {
    if (call != null && isUsable(call) && !isForeign(call)) {
      endCall(call); // only the brace around it was missing
      place = Place.BEHIND_CALL;
      accept(c);
      return;
    }
    place = Place.TEXT;
    if (started) {
      accept(c);
      return;
    }
    String text = written.append(c).toString();
    int known = isMarked ? markLength : markLength + 1;
    content(text.substring(0, known));
    accept(text.substring(known));
  }

  private void behindCall(char c) {
    if (behind.isEmpty() && Character.isWhitespace(c)) {
      return;
    }
    if (behind.isEmpty() && format == ToolCallFormat.LLAMA3 && (c == ';' || c == ',')) {
      begin(true, "");
      return;
    }
    String text = behind.append(c).toString();
    boolean mayClose = format.close().startsWith(text);
    boolean mayOpen = format.open().startsWith(text);
    if (text.equals(format.close())) {
      place = Place.TEXT;
    } else if (text.equals(format.open())) {
      begin(true, text);
    } else if (!mayClose && !mayOpen) {
      place = Place.TEXT;
    } else {
      return;
    }
    behind.setLength(0);
    if (!mayClose && !mayOpen) {
      accept(text);
    }
  }

  /** Ends the answer. */
  void finish() {
    CallWriting call = block.call();
    if (place == Place.CALL && call != null && isUsable(call) && !isForeign(call)) {
      endCall(call);
    } else if (place == Place.CALL && !started) {
      content(written.toString());
    } else if (place == Place.TEXT && (parts.calls() == 0 || !held.isBlank())) {
      content(held.take());
    }
  }

  private void content(String text) {
    if (!text.isEmpty()) {
      parts.content(text);
      hasContent = true;
    }
  }
}
