package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import dev.diptych.chat.Tool;
import dev.diptych.generation.Ending;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of {@code /v1/responses}. */
@Schema(
    description =
        "What to answer, and how. Nothing is kept, so each request brings the whole conversation."
            + " Tokens are drawn as on /v1/chat/completions.",
    example =
        "{\"input\": \"What is the capital of France?\", \"instructions\": \"Be brief.\","
            + " \"max_output_tokens\": 40, \"temperature\": 0}")
record ResponsesRequest(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            description =
                "A text, or items: messages, function_call, function_call_output and reasoning",
            implementation = Object.class,
            example = "What is the capital of France?")
        @Nullable JsonNode input,
    @Schema(description = "The decoder; absent takes the one there is") @Nullable String model,
    @Schema(description = "What goes before the conversation, as the system's message")
        @Nullable String instructions,
    @Schema(description = "Sends the answer as server-sent events", defaultValue = "false")
        @Nullable Boolean stream,
    @Schema(
            description =
                "Tokens after which the answer ends at the latest; absent, where the context or"
                    + " diptych.generation.default-max-chat-tokens ends it",
            minimum = "1",
            example = "40")
        @Nullable Integer maxOutputTokens,
    @Schema(description = "0 takes the most probable token", minimum = "0", example = "0")
        @Nullable Double temperature,
    @Schema(description = "Draws from tokens with this much probability in all", maximum = "1")
        @Nullable Double topP,
    @Schema(description = "Draws from the most probable tokens only; 0 and -1 from all")
        @Nullable Integer topK,
    @Schema(
            description = "Draws from tokens at least this much as probable as the best",
            minimum = "0",
            maximum = "1")
        @Nullable Double minP,
    @Schema(description = "Makes drawing repeatable") @Nullable Long seed,
    @Schema(description = "What the model may call") @Nullable List<@Nullable ResponsesTool> tools,
    @Schema(
            description = "none, auto, required, or the function that must be called",
            implementation = Object.class,
            example = "auto")
        @Nullable JsonNode toolChoice,
    @Schema(description = "Whether an answer may have several calls", defaultValue = "true")
        @Nullable Boolean parallelToolCalls,
    @Nullable Text text,
    @Nullable Reasoning reasoning,
    @Schema(description = "Given back as it is", implementation = Object.class)
        @Nullable JsonNode metadata,
    @Schema(hidden = true) @JsonAnySetter Map<String, JsonNode> others) {

  /** How the text of an answer is. */
  @Schema(name = "ResponsesText")
  record Text(@Nullable Format format) {}

  /** The shape that the text must have. */
  @Schema(name = "ResponsesFormat")
  record Format(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              allowableValues = {"text", "json_object", "json_schema"},
              example = "json_schema")
          @Nullable String type,
      @Nullable String name,
      @Nullable String description,
      @Schema(implementation = Object.class) @Nullable JsonNode schema,
      @Nullable Boolean strict) {}

  /**
   * How much the model thinks.
   *
   * @param effort the chat template gets it as {@code reasoning_effort}
   */
  @Schema(name = "ResponsesReasoning")
  record Reasoning(@Nullable String effort, @Nullable String summary) {}

  boolean wantsStream() {
    return Boolean.TRUE.equals(stream);
  }

  boolean wantsParallelCalls() {
    return !Boolean.FALSE.equals(parallelToolCalls);
  }

  /** The tools as they were defined. */
  List<ResponsesTool> definedTools() {
    return tools == null ? List.of() : tools.stream().filter(Objects::nonNull).toList();
  }

  /** What it asks, once it is known that it can be asked. */
  ChatAsk ask() {
    UnsupportedFields.refuseOfResponses(others);
    List<Tool> offered = ResponsesTool.all(tools);
    Map<String, Object> arguments = new HashMap<>();
    if (reasoning != null && reasoning.effort() != null) {
      arguments.put("reasoning_effort", reasoning.effort());
    }
    return new ChatAsk(
        InputItems.messages(instructions, input),
        offered,
        ToolChoice.of(toolChoice, offered),
        wantsParallelCalls() ? ChatAsk.MOST_CALLS : 1,
        true,
        false,
        arguments,
        maxOutputTokens,
        new SamplingFields(temperature, topK, topP, minP, null, null, null, null, null, seed),
        Ending.BY_THE_MODEL,
        1,
        null,
        text == null || text.format() == null
            ? null
            : OutputShape.of(
                text.format().type(), text.format().schema(), "text.format", "text.format.schema"));
  }
}
