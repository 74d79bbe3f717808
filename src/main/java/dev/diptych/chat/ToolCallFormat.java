package dev.diptych.chat;

/** How a model writes calls of tools. */
public enum ToolCallFormat {
  /** {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}, as Hermes and Qwen do. */
  HERMES,
  /** {@code {"name": …, "parameters": {…}}} as the whole answer, as Llama 3 does. */
  LLAMA3,
  /** {@code [TOOL_CALLS][{"name": …, "arguments": {…}}]}, as Mistral's models do. */
  MISTRAL
}
