package dev.diptych.http.generate;

import dev.diptych.InvalidInput;
import dev.diptych.chat.Conversation;
import dev.diptych.chat.Message;
import dev.diptych.chat.Tool;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of {@code /chat_tokenize}: of a chat, what its prompt depends on. */
@Schema(
    example =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"What is the capital of France?\"}]}")
record ChatTokenizeRequest(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable List<@Nullable ChatMessage> messages,
    @Schema(description = "What the model may call") @Nullable List<@Nullable ChatTool> tools,
    @Schema(
            description = "Whether the prompt ends where the model's message begins",
            defaultValue = "true")
        @Nullable Boolean addGenerationPrompt,
    @Schema(description = "Further variables of the chat template")
        @Nullable Map<String, @Nullable Object> chatTemplateKwargs,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /** A tool, which is a function. */
  @Schema(name = "TemplatedTool")
  record ChatTool(
      @Schema(example = "function") @Nullable String type,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Function function) {

    /**
     * @param parameters JSON schema of its arguments
     */
    @Schema(name = "TemplatedFunction")
    record Function(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String name,
        @Nullable String description,
        @Schema(implementation = Object.class) @Nullable JsonNode parameters) {}

    private Tool tool(int index) {
      if (function == null || function.name() == null) {
        throw new InvalidInput("missing field `tools[%d].function.name`".formatted(index));
      }
      return new Tool(function.name(), function.description(), function.parameters());
    }
  }

  /**
   * What the model is asked.
   *
   * @throws InvalidInput if something that must be there is not
   */
  Conversation conversation() {
    if (messages == null) {
      throw new InvalidInput("missing field `messages`, what the model is to answer");
    }
    if (messages.isEmpty()) {
      throw new InvalidInput("`messages` cannot be empty");
    }
    List<Message> all = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      ChatMessage message = messages.get(i);
      if (message == null) {
        throw new InvalidInput("`messages[%d]` must be an object".formatted(i));
      }
      all.add(message.message("messages[%d]".formatted(i)));
    }
    return new Conversation(
        all, offered(), !Boolean.FALSE.equals(addGenerationPrompt), false, templateArguments());
  }

  private List<Tool> offered() {
    if (tools == null) {
      return List.of();
    }
    List<Tool> all = new ArrayList<>(tools.size());
    for (int i = 0; i < tools.size(); i++) {
      ChatTool tool = tools.get(i);
      if (tool == null) {
        throw new InvalidInput("`tools[%d]` must be an object".formatted(i));
      }
      all.add(tool.tool(i));
    }
    return all;
  }

  private Map<String, Object> templateArguments() {
    Map<String, Object> arguments = new HashMap<>();
    if (chatTemplateKwargs != null) {
      chatTemplateKwargs.forEach(
          (name, value) -> {
            if (value != null) {
              arguments.put(name, value);
            }
          });
    }
    return arguments;
  }
}
