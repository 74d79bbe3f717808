package dev.diptych.http.openai;

import dev.diptych.chat.ChatPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the items of a response from the parts of an answer, and the events that tell of them. */
final class ResponseOutput {

  private enum Kind {
    MESSAGE("msg_"),
    REASONING("rs_"),
    CALL("fc_");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /** The item that grows. */
  private static final class Open {
    private final Kind kind;
    private final String id;
    private final String callId;
    private final String name;
    private final StringBuilder text = new StringBuilder();

    Open(Kind kind, String callId, String name) {
      this.kind = kind;
      this.id = Identity.random(kind.prefix);
      this.callId = callId;
      this.name = name;
    }

    /** It as far as it is. */
    ResponseItem item(String status, boolean withText) {
      String said = text.toString();
      return switch (kind) {
        case MESSAGE ->
            ResponseItem.Message.of(
                id, status, withText ? List.of(ResponseItem.Part.output(said)) : List.of());
        case REASONING ->
            ResponseItem.Reasoning.of(
                id, status, withText ? List.of(ResponseItem.Part.reasoning(said)) : List.of());
        case CALL -> ResponseItem.Call.of(id, callId, name, said, status);
      };
    }

    ResponseItem.Part part(String said) {
      return kind == Kind.MESSAGE
          ? ResponseItem.Part.output(said)
          : ResponseItem.Part.reasoning(said);
    }

    String kindOfText() {
      return kind == Kind.MESSAGE ? "output_text" : "reasoning_text";
    }
  }

  private final List<ResponseItem> items = new ArrayList<>();
  private @Nullable Open open;

  /** The items that have ended. */
  List<ResponseItem> items() {
    return List.copyOf(items);
  }

  /** Takes parts, and gives the events that they are. */
  List<ResponseEvent> add(List<ChatPart> parts) {
    List<ResponseEvent> events = new ArrayList<>();
    for (ChatPart part : parts) {
      switch (part) {
        case ChatPart.Content(String text) -> write(Kind.MESSAGE, text, events);
        case ChatPart.Reasoning(String text) -> write(Kind.REASONING, text, events);
        case ChatPart.CallStarted(int _, String id, String name) ->
            begin(new Open(Kind.CALL, id, name), events);
        case ChatPart.CallArguments(int _, String fragment) -> write(Kind.CALL, fragment, events);
      }
    }
    return events;
  }

  /** Ends the last item; an answer of nothing is an empty message. */
  List<ResponseEvent> finish(boolean isWhole) {
    List<ResponseEvent> events = new ArrayList<>();
    if (items.isEmpty() && open == null) {
      begin(new Open(Kind.MESSAGE, "", ""), events);
    }
    end(isWhole ? "completed" : "incomplete", events);
    return events;
  }

  private void write(Kind kind, String text, List<ResponseEvent> events) {
    Open running = open;
    if (running == null || running.kind != kind) {
      running = new Open(kind, "", "");
      begin(running, events);
    }
    running.text.append(text);
    events.add(
        kind == Kind.CALL
            ? ResponseEvent.argumentsDelta(items.size(), running.id, text)
            : ResponseEvent.delta(running.kindOfText(), items.size(), running.id, text));
  }

  private void begin(Open next, List<ResponseEvent> events) {
    end("completed", events);
    open = next;
    events.add(ResponseEvent.item("added", items.size(), next.item("in_progress", false)));
    if (next.kind != Kind.CALL) {
      events.add(ResponseEvent.part("added", items.size(), next.id, next.part("")));
    }
  }

  private void end(String status, List<ResponseEvent> events) {
    Open ended = open;
    if (ended == null) {
      return;
    }
    int index = items.size();
    String text = ended.text.toString();
    if (ended.kind == Kind.CALL) {
      events.add(ResponseEvent.arguments(index, ended.id, ended.name, text));
    } else {
      events.add(ResponseEvent.text(ended.kindOfText(), index, ended.id, text));
      events.add(ResponseEvent.part("done", index, ended.id, ended.part(text)));
    }
    ResponseItem item = ended.item(status, true);
    events.add(ResponseEvent.item("done", index, item));
    items.add(item);
    open = null;
  }
}
