package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import dev.diptych.chat.Tool;
import dev.diptych.generation.Ending;
import dev.diptych.http.TextList;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;

/** The body of {@code /v1/chat/completions}. */
@Schema(
    description =
        "Messages, and how to answer them. Tokens are drawn as the model's generation_config.json"
            + " suggests, else with a temperature of 1; a temperature of 0 takes the most probable"
            + " one. Fields that change nothing, such as user and metadata, are accepted.",
    example =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"What is the capital of France?\"}],"
            + " \"max_tokens\": 40, \"temperature\": 0}")
record ChatRequest(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable List<@Nullable ChatRequestMessage> messages,
    @Schema(description = "The decoder; absent takes the one there is") @Nullable String model,
    @Schema(description = "Sends the answer as server-sent events", defaultValue = "false")
        @Nullable Boolean stream,
    @Nullable StreamOptions streamOptions,
    @Schema(
            description =
                "Tokens after which the answer ends at the latest; absent, where the context or"
                    + " diptych.generation.default-max-chat-tokens ends it",
            minimum = "1",
            example = "40")
        @Nullable Integer maxTokens,
    @Schema(description = "Newer name of max_tokens", minimum = "1")
        @Nullable Integer maxCompletionTokens,
    @Schema(description = "0 takes the most probable token", minimum = "0", example = "0")
        @Nullable Double temperature,
    @Schema(description = "Draws from the most probable tokens only; 0 and -1 from all")
        @Nullable Integer topK,
    @Schema(description = "Draws from tokens with this much probability in all", maximum = "1")
        @Nullable Double topP,
    @Schema(
            description = "Draws from tokens at least this much as probable as the best",
            minimum = "0",
            maximum = "1")
        @Nullable Double minP,
    @Schema(description = "Draws from tokens of typical information content", maximum = "1")
        @Nullable Double typicalP,
    @Schema(description = "Weakens what occurred, prompt included; 1 is neutral")
        @Nullable Double repetitionPenalty,
    @Schema(description = "Taken off what the answer has", minimum = "-2", maximum = "2")
        @Nullable Double presencePenalty,
    @Schema(
            description = "Taken off what the answer has, as often as it has it",
            minimum = "-2",
            maximum = "2")
        @Nullable Double frequencyPenalty,
    @Schema(description = "Added to the logits of tokens, by their ids", example = "{}")
        @Nullable Map<Integer, @Nullable Double> logitBias,
    @Schema(description = "Makes drawing repeatable") @Nullable Long seed,
    @Schema(description = "Answers", minimum = "1", defaultValue = "1") @Nullable Integer n,
    @Schema(
            description = "A text that ends the answer, or several; not part of it",
            types = {"string", "array"},
            oneOf = {String.class, String[].class},
            example = "[\"\\n\\n\"]")
        @JsonDeserialize(using = TextList.class)
        @Nullable List<String> stop,
    @Schema(description = "Leaves the text in the answer that ended it", defaultValue = "false")
        @Nullable Boolean includeStopStrInOutput,
    @Schema(description = "Goes on where the model would end", defaultValue = "false")
        @Nullable Boolean ignoreEos,
    @Schema(description = "Tells each token with its log-probability", defaultValue = "false")
        @Nullable Boolean logprobs,
    @Schema(description = "Most probable tokens to tell at each place", minimum = "0")
        @Nullable Integer topLogprobs,
    @Schema(description = "What the model may call") @Nullable List<@Nullable ToolDefinition> tools,
    @Schema(
            description = "none, auto, required, or the function that must be called",
            implementation = Object.class,
            example = "auto")
        @Nullable JsonNode toolChoice,
    @Schema(description = "Whether an answer may have several calls", defaultValue = "true")
        @Nullable Boolean parallelToolCalls,
    @Nullable ResponseFormat responseFormat,
    @Schema(description = "Further variables of the chat template", implementation = Object.class)
        @Nullable Map<String, @Nullable JsonNode> chatTemplateKwargs,
    @Schema(description = "The chat template gets it as a variable")
        @Nullable String reasoningEffort,
    @Schema(
            description = "Whether the prompt ends where the model's message begins",
            defaultValue = "true")
        @Nullable Boolean addGenerationPrompt,
    @Schema(description = "Goes on with the last message", defaultValue = "false")
        @Nullable Boolean continueFinalMessage,
    @Schema(hidden = true) @JsonAnySetter Map<String, JsonNode> others) {

  boolean wantsStream() {
    return Boolean.TRUE.equals(stream);
  }

  boolean wantsLogprobs() {
    return Boolean.TRUE.equals(logprobs);
  }

  /** Whether a stream ends with the usage. */
  boolean wantsUsage() {
    return streamOptions != null && streamOptions.wantsUsage();
  }

  boolean wantsUsageWithEach() {
    return streamOptions != null && streamOptions.wantsUsageWithEach();
  }

  int answers() {
    return n == null ? 1 : n;
  }

  private SamplingFields sampling() {
    return new SamplingFields(
        temperature,
        topK,
        topP,
        minP,
        typicalP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        logitBias,
        seed);
  }

  private Ending ending() {
    return new Ending(
        stop == null ? List.of() : stop,
        Boolean.TRUE.equals(includeStopStrInOutput),
        Boolean.TRUE.equals(ignoreEos));
  }

  /** Refuses what cannot be together, or cannot be at all. */
  private void check() {
    UnsupportedFields.refuse(others);
    if (streamOptions != null && !wantsStream()) {
      throw Refusal.value("stream_options", "`stream_options` needs `stream` to be true");
    }
    if (topLogprobs != null && !wantsLogprobs()) {
      throw Refusal.value("top_logprobs", "`top_logprobs` needs `logprobs` to be true");
    }
    if (answers() < 1) {
      throw Refusal.value("n", "`n` must be >= 1. Given: " + n);
    }
    if (maxTokens != null
        && maxCompletionTokens != null
        && !maxTokens.equals(maxCompletionTokens)) {
      throw Refusal.value(
          "max_completion_tokens",
          "`max_completion_tokens` and `max_tokens` mean the same and must not differ. Given: %d"
                  .formatted(maxCompletionTokens)
              + " and "
              + maxTokens);
    }
    if (wantsGenerationPrompt() && wantsToContinue()) {
      throw Refusal.value(
          "continue_final_message",
          "`continue_final_message` and `add_generation_prompt` cannot both be true");
    }
  }

  /** What it asks, once it is known that it can be asked. */
  ChatAsk ask() {
    check();
    List<Tool> offered = ToolDefinition.all(tools);
    return new ChatAsk(
        ChatRequestMessage.all(messages),
        offered,
        ToolChoice.of(toolChoice, offered),
        Boolean.FALSE.equals(parallelToolCalls) ? 1 : ChatAsk.MOST_CALLS,
        wantsGenerationPrompt(),
        wantsToContinue(),
        templateArguments(),
        longest(),
        sampling(),
        ending(),
        answers(),
        wantsLogprobs() ? Objects.requireNonNullElse(topLogprobs, 0) : null,
        OutputShape.of(responseFormat, others));
  }

  private Map<String, Object> templateArguments() {
    Map<String, Object> arguments = new HashMap<>();
    if (reasoningEffort != null) {
      arguments.put("reasoning_effort", reasoningEffort);
    }
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

  /** The longest answer that was asked for; null leaves it to the service. */
  private @Nullable Integer longest() {
    return maxCompletionTokens == null ? maxTokens : maxCompletionTokens;
  }

  private boolean wantsToContinue() {
    return Boolean.TRUE.equals(continueFinalMessage);
  }

  /** As it is unless something else is said, or the last message goes on. */
  private boolean wantsGenerationPrompt() {
    return addGenerationPrompt == null ? !wantsToContinue() : addGenerationPrompt;
  }
}
