package dev.diptych.chat;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.ChatTemplate;
import dev.diptych.tokenization.ControlTokens;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.template.PlaceMark;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes conversations with one template. */
final class ChatWriter {

  /*
   * What a template has no place for (tools, calls, results) is written as text into messages that
   * it has a place for. Most templates want the arguments of calls as objects, some as JSON text;
   * these fail with objects and are tried again.
   */

  /** Tokens that texts may hold although templates write them too, where they are not special. */
  private static final Set<String> TAGS =
      Set.of(
          "<think>",
          "</think>",
          "<tools>",
          "</tools>",
          "<tool_call>",
          "</tool_call>",
          "<tool_response>",
          "</tool_response>");

  private final ChatTemplate template;
  private final ControlTokens tokens;
  private final ToolCallFormat format;
  private final ReasoningMarks reasoning;
  private final TemplateHabits habits;

  /**
   * What was written.
   *
   * @param text with marks where texts of others spell control tokens
   */
  record Written(ChatWriter by, String text, boolean opensReasoning) {

    /** The same with an end of the thought that the prompt has opened. */
    Written withoutThought() {
      return opensReasoning
          ? new Written(by, text.stripTrailing() + "\n\n" + by.reasoning.close() + "\n\n", false)
          : this;
    }
  }

  ChatWriter(ChatTemplate template, Tokenizer tokenizer) {
    this.template = template;
    this.tokens = template.controlTokens(tokenizer, TAGS);
    this.format = ToolCallFormat.of(template, tokenizer);
    this.reasoning = ReasoningMarks.of(template);
    this.habits = TemplateHabits.of(template);
  }

  ToolCallFormat format() {
    return format;
  }

  ReasoningMarks reasoning() {
    return reasoning;
  }

  /**
   * Writes a conversation.
   *
   * @throws InvalidInput if the template refuses it
   */
  Written write(Conversation conversation) {
    if (conversation.messages().isEmpty()) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`messages` cannot be empty");
    }
    if (conversation.continueFinalMessage() && conversation.addGenerationPrompt()) {
      throw new InvalidInput(
          "`continue_final_message` and `add_generation_prompt` cannot both be true");
    }
    Conversation fitting = fitting(conversation);
    try {
      return written(fitting, habits);
    } catch (InvalidInput e) {
      return again(conversation, fitting, e);
    }
  }

  private Written again(Conversation conversation, Conversation fitting, InvalidInput first) {
    try {
      if (fitting.messages().stream().anyMatch(message -> !message.toolCalls().isEmpty())) {
        return written(fitting, habits.withArgumentsAsText());
      }
      if (!conversation.tools().isEmpty() && !habits.describesTools()) {
        return written(WrittenTools.withoutSystem(fitting), habits);
      }
    } catch (InvalidInput _) {
      throw first;
    }
    throw first;
  }

  private Conversation fitting(Conversation conversation) {
    Conversation fitting = conversation;
    if (!habits.describesTools()) {
      fitting = WrittenTools.described(fitting);
    }
    if (!habits.writesCalls()) {
      fitting = WrittenTools.called(fitting);
    }
    return habits.writesResults() ? fitting : WrittenTools.answered(fitting);
  }

  private Written written(Conversation conversation, TemplateHabits as) {
    TemplateMessages variables = new TemplateMessages(tokens, reasoning, format.hasShortIds(), as);
    List<Message> messages = conversation.messages();
    boolean hasTools = habits.describesTools() && !conversation.tools().isEmpty();
    String rendered =
        template.render(
            variables.of(messages, conversation.continueFinalMessage()),
            hasTools ? variables.ofTools(conversation.tools()) : null,
            conversation.addGenerationPrompt(),
            marked(conversation.templateArguments()));
    if (!conversation.continueFinalMessage()) {
      boolean opens = conversation.addGenerationPrompt() && reasoning.areOpenAtEndOf(rendered);
      return new Written(this, rendered, opens);
    }
    String last = Objects.requireNonNullElse(messages.getLast().content(), "");
    return new Written(this, endingWith(last, rendered), reasoning.areOpenIn(last));
  }

  private Map<String, @Nullable Object> marked(Map<String, ?> templateArguments) {
    Map<String, @Nullable Object> marked = new LinkedHashMap<>();
    templateArguments.forEach((name, value) -> marked.put(name, tokens.marked(value)));
    return marked;
  }

  /* Where the template trims texts, it would have taken the spaces before the mark too. */
  private static String endingWith(String last, String rendered) {
    int mark = PlaceMark.END.lastIn(rendered);
    if (mark < 0) {
      throw new InvalidInput(
          "`continue_final_message` is set, but the chat template does not write the last message");
    }
    int end = mark;
    if (!TemplateMessages.keepsSpaces(rendered, mark)) {
      end -= last.length() - last.stripTrailing().length();
    }
    return PlaceMark.END.removedFrom(rendered.substring(0, end));
  }

  /** The tokens of what was written, a text of our own perhaps behind it. */
  int[] encode(String written) {
    return tokens.encode(written);
  }
}
