package dev.diptych.chat;

import dev.diptych.tokenization.ChatTemplate;
import dev.diptych.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** How a model writes calls of tools. */
public enum ToolCallFormat {
  /**
   * {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}, as Hermes and Qwen do, or with
   * tags inside, as newer models of Qwen do; and as the models do whose template has no place for
   * tools.
   */
  HERMES("<tool_call>", "</tool_call>", "arguments"),
  /** {@code {"name": …, "parameters": {…}}} as the whole answer, as Llama 3 does. */
  LLAMA3("<|python_tag|>", "", "parameters"),
  /** {@code [TOOL_CALLS][{"name": …, "arguments": {…}}]}, as Mistral's older models do. */
  MISTRAL("[TOOL_CALLS]", "", "arguments"),
  /** {@code [TOOL_CALLS]name[ARGS]{…}}, as Mistral's newer models do. */
  MISTRAL_NAMED("[TOOL_CALLS]", "", "arguments");

  /** Between the name and the arguments of a call. */
  static final String ARGUMENTS_MARK = "[ARGS]";

  private final String open;
  private final String close;
  private final String argumentsName;

  ToolCallFormat(String open, String close, String argumentsName) {
    this.open = open;
    this.close = close;
    this.argumentsName = argumentsName;
  }

  /** As told from a model's template, else from its vocabulary. */
  static ToolCallFormat of(ChatTemplate template, Tokenizer tokenizer) {
    if (!template.reads("tools")) {
      return HERMES;
    }
    if (template.mentions(MISTRAL.open)) {
      return template.mentions(ARGUMENTS_MARK) ? MISTRAL_NAMED : MISTRAL;
    }
    if (template.mentions(HERMES.open)) {
      return HERMES;
    }
    boolean asksForParameters =
        template.mentions("\"parameters\":") && template.mentions("<|start_header_id|>");
    if (template.mentions(LLAMA3.open) || asksForParameters) {
      return LLAMA3;
    }
    return tokenizer.id(MISTRAL.open).isPresent() ? MISTRAL : HERMES;
  }

  /** The mark before calls. */
  String open() {
    return open;
  }

  /** The mark behind a call; empty if there is none. */
  String close() {
    return close;
  }

  /** Whether ids of calls have nine letters or digits. */
  boolean hasShortIds() {
    return this == MISTRAL || this == MISTRAL_NAMED;
  }

  /** What an answer begins with that calls tools. */
  String opening() {
    return switch (this) {
      case HERMES -> open + "\n";
      case LLAMA3 -> "";
      case MISTRAL -> open + " [";
      case MISTRAL_NAMED -> open;
    };
  }

  /** What follows {@link #opening}. */
  CallShape shape(List<Tool> callable, int mostCalls) {
    List<CallShape.Alternative> alternatives = new ArrayList<>();
    for (Tool tool : callable) {
      String object =
          "{\"name\": %s, \"%s\": ".formatted(ToolJson.write(tool.name()), argumentsName);
      alternatives.add(
          new CallShape.Alternative(
              tool,
              this == MISTRAL_NAMED ? tool.name() + ARGUMENTS_MARK : object,
              ToolJson.argumentsSchema(tool),
              this == HERMES ? "}\n" + close : this == MISTRAL_NAMED ? "" : "}"));
    }
    return switch (this) {
      case HERMES -> new CallShape(opening(), alternatives, "\n" + open + "\n", mostCalls, "");
      case MISTRAL -> new CallShape(opening(), alternatives, ", ", mostCalls, "]");
      case LLAMA3 -> new CallShape(opening(), alternatives, "", 1, "");
      case MISTRAL_NAMED -> new CallShape(opening(), alternatives, open, mostCalls, "");
    };
  }
}
