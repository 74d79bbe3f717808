package dev.diptych.chat;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.ChatMessage;
import dev.diptych.tokenization.ChatTemplate;
import dev.diptych.tokenization.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How one model is talked to. Safe for use from any thread. */
public final class Chat {

  private final Optional<ChatTemplate> template;
  private final Tokenizer tokenizer;

  private Chat(Optional<ChatTemplate> template, Tokenizer tokenizer) {
    this.template = template;
    this.tokenizer = tokenizer;
  }

  /** That of the model in a folder. */
  public static Chat read(Path modelFolder, Tokenizer tokenizer) throws IOException {
    return new Chat(ChatTemplate.read(modelFolder), tokenizer);
  }

  /** That of a model without a template. */
  public static Chat none(Tokenizer tokenizer) {
    return new Chat(Optional.empty(), tokenizer);
  }

  /** Whether the model can be talked to. */
  public boolean isAvailable() {
    return template.isPresent();
  }

  /** How the model writes calls. */
  public ToolCallFormat toolCallFormat() {
    return ToolCallFormat.HERMES;
  }

  /**
   * A conversation as the model reads it.
   *
   * @throws InvalidInput if the model has no template, or the template refuses the messages
   */
  public ChatPrompt prompt(Conversation conversation) {
    ChatTemplate chosen =
        template.orElseThrow(
            () -> new InvalidInput("the model has no chat template, so it answers no messages"));
    if (!conversation.tools().isEmpty() || conversation.continueFinalMessage()) {
      throw new InvalidInput("tools and continue_final_message are not supported yet");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (Message message : conversation.messages()) {
      messages.add(new ChatMessage(message.role(), String.valueOf(message.content())));
    }
    String text =
        chosen.render(
            messages, conversation.addGenerationPrompt(), conversation.templateArguments());
    return new ChatPrompt(text, tokenizer.encode(text, false), false, "");
  }

  /**
   * A conversation as the model reads it whose answer must be calls: the prompt goes on to where
   * the first of {@link #callShape} begins.
   *
   * @throws InvalidInput as {@link #prompt}
   */
  public ChatPrompt promptForCalls(Conversation conversation) {
    throw new InvalidInput("tools are not supported yet");
  }

  /** What the rest of the answer must look like after {@link #promptForCalls}. */
  public CallShape callShape(List<Tool> callable, int mostCalls) {
    throw new InvalidInput("tools are not supported yet");
  }

  /** Reads an answer to a prompt with so many tools. */
  public ChatAnswer answer(ChatPrompt prompt, List<Tool> tools) {
    return new ChatAnswer();
  }
}
