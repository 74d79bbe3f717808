package dev.diptych.chat;

/** A part of a model's answer, in the order in which it was written. */
public sealed interface ChatPart {

  /** Text for the user. */
  record Content(String text) implements ChatPart {}

  /** Text of what the model thought. */
  record Reasoning(String text) implements ChatPart {}

  /**
   * A call of a tool begins.
   *
   * @param index of the call in the answer, from 0 on
   */
  record CallStarted(int index, String id, String name) implements ChatPart {}

  /** A further part of a call's arguments as JSON text. */
  record CallArguments(int index, String fragment) implements ChatPart {}
}
