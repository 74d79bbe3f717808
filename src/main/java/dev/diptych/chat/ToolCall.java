package dev.diptych.chat;

/**
 * A call of a tool by the model.
 *
 * @param id by which the tool's message answers
 * @param name of the tool
 * @param arguments a JSON text, an object if the model wrote what it should
 */
public record ToolCall(String id, String name, String arguments) {}
