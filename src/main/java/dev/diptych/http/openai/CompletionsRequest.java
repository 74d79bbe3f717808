package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import dev.diptych.generation.Choices;
import dev.diptych.generation.Ending;
import dev.diptych.generation.Prompt;
import dev.diptych.generation.Report;
import dev.diptych.http.TextList;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;

/** The body of {@code /v1/completions}. */
@Schema(
    description =
        "Texts, and how to continue them. Tokens are drawn as the model's generation_config.json"
            + " suggests, else with a temperature of 1; a temperature of 0 takes the most probable"
            + " one. With echo, logprobs and max_tokens of 0 it scores a text.",
    example = "{\"prompt\": \"The capital of France is\", \"max_tokens\": 20, \"temperature\": 0}")
record CompletionsRequest(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Prompts prompt,
    @Schema(description = "The decoder; absent takes the one there is") @Nullable String model,
    @Schema(description = "Sends the texts as server-sent events", defaultValue = "false")
        @Nullable Boolean stream,
    @Nullable StreamOptions streamOptions,
    @Schema(
            description = "Tokens after which a text ends at the latest; 0 only with echo",
            minimum = "0",
            defaultValue = "16",
            example = "20")
        @Nullable Integer maxTokens,
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
    @Schema(description = "Texts for each prompt", minimum = "1", defaultValue = "1")
        @Nullable Integer n,
    @Schema(
            description =
                "Texts to draw, of which the n most probable are returned; not in streams",
            minimum = "1")
        @Nullable Integer bestOf,
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
    @Schema(
            description = "Whether texts get the tokenizer's beginning token",
            defaultValue = "true")
        @Nullable Boolean addSpecialTokens,
    @Schema(description = "Tells each token and so many of the most probable ones", minimum = "0")
        @Nullable Integer logprobs,
    @Schema(description = "Puts the prompt before the text", defaultValue = "false")
        @Nullable Boolean echo,
    @Nullable ResponseFormat responseFormat,
    @Schema(hidden = true) @JsonAnySetter Map<String, JsonNode> others) {

  /** Most prompts of one request. */
  static final int MOST_PROMPTS = 64;

  private static final int DEFAULT_MAX_TOKENS = 16;

  boolean wantsStream() {
    return Boolean.TRUE.equals(stream);
  }

  boolean wantsEcho() {
    return Boolean.TRUE.equals(echo);
  }

  boolean wantsUsage() {
    return streamOptions != null && streamOptions.wantsUsage();
  }

  boolean wantsUsageWithEach() {
    return streamOptions != null && streamOptions.wantsUsageWithEach();
  }

  int longest() {
    return maxTokens == null ? DEFAULT_MAX_TOKENS : maxTokens;
  }

  /** The prompts, which must be there. */
  List<Prompt> prompts() {
    if (prompt == null) {
      throw Refusal.missing("prompt", "what to continue");
    }
    List<Prompt> prompts = prompt.items();
    if (prompts.isEmpty()) {
      throw Refusal.value("prompt", "`prompt` cannot be empty");
    }
    if (prompts.size() > MOST_PROMPTS) {
      throw Refusal.value(
          "prompt",
          "`prompt` must be at most %d texts. Given: %d".formatted(MOST_PROMPTS, prompts.size()));
    }
    return Boolean.FALSE.equals(addSpecialTokens)
        ? prompts.stream().map(CompletionsRequest::withoutSpecialTokens).toList()
        : prompts;
  }

  private static Prompt withoutSpecialTokens(Prompt prompt) {
    return prompt instanceof Prompt.Text(String text, boolean _)
        ? new Prompt.Text(text, false)
        : prompt;
  }

  Choices choices() {
    int returned = n == null ? 1 : n;
    int drawn = bestOf == null ? returned : bestOf;
    if (returned < 1) {
      throw Refusal.value("n", "`n` must be >= 1. Given: " + returned);
    }
    if (drawn < returned) {
      throw Refusal.value(
          "best_of", "`best_of` must be >= `n`. Given: %d and %d".formatted(drawn, returned));
    }
    if (drawn > returned && wantsStream()) {
      throw Refusal.value("best_of", "`best_of` > `n` is not supported when streaming");
    }
    return new Choices(returned, drawn);
  }

  SamplingFields sampling() {
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

  Ending ending() {
    return new Ending(
        stop == null ? List.of() : stop,
        Boolean.TRUE.equals(includeStopStrInOutput),
        Boolean.TRUE.equals(ignoreEos));
  }

  /**
   * What to tell of the tokens.
   *
   * @param echoed the prompt, if it is told too
   */
  Report report(Prompt echoed) {
    boolean ofPrompt =
        wantsEcho() && (logprobs != null || longest() == 0 || echoed instanceof Prompt.Tokens);
    return new Report(logprobs == null ? 0 : logprobs, ofPrompt, logprobs != null);
  }

  /** Refuses what cannot be together, or cannot be at all. */
  void check() {
    UnsupportedFields.refuse(others);
    if (streamOptions != null && !wantsStream()) {
      throw Refusal.value("stream_options", "`stream_options` needs `stream` to be true");
    }
    if (longest() < (wantsEcho() ? 0 : 1)) {
      throw Refusal.value(
          "max_tokens",
          "`max_tokens` must be >= %d%s. Given: %d"
              .formatted(wantsEcho() ? 0 : 1, wantsEcho() ? "" : ", or 0 with `echo`", longest()));
    }
  }
}
