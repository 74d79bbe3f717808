package dev.diptych.http.openai;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Answer of {@code /v1/responses}. */
record ResponseBody(
    @Schema(example = "resp_0f3c8ff6") String id,
    @Schema(example = "response") String object,
    long createdAt,
    @Schema(allowableValues = {"completed", "incomplete", "in_progress", "failed"}) String status,
    @Schema(description = "What went wrong, if the status is failed")
        OpenAiError.@Nullable Detail error,
    @Nullable Incomplete incompleteDetails,
    @Nullable String instructions,
    @Nullable Integer maxOutputTokens,
    String model,
    @Schema(description = "Messages, calls of tools, and what was thought")
        List<ResponseItem> output,
    boolean parallelToolCalls,
    @Schema(types = "null", description = "Nothing is kept") @Nullable String previousResponseId,
    ResponsesRequest.Reasoning reasoning,
    @Schema(description = "Always false") boolean store,
    @Nullable Double temperature,
    ResponsesRequest.Text text,
    @Schema(implementation = Object.class) JsonNode toolChoice,
    List<ResponsesTool> tools,
    @Nullable Double topP,
    @Schema(example = "disabled") String truncation,
    @Schema(description = "Null until the answer has ended") @Nullable Used usage,
    @Schema(implementation = Object.class) Object metadata) {

  /** Why an answer is not whole. */
  @Schema(name = "ResponseIncomplete")
  record Incomplete(@Schema(example = "max_output_tokens") String reason) {}

  /** What it cost, in tokens. */
  @Schema(name = "ResponseUsage")
  record Used(
      int inputTokens,
      OfInput inputTokensDetails,
      int outputTokens,
      OfOutput outputTokensDetails,
      int totalTokens) {

    /**
     * Those that earlier requests had left computed.
     *
     * @param cacheWriteTokens always 0: nothing is charged for keeping
     */
    @Schema(name = "ResponseInputTokens")
    record OfInput(int cachedTokens, int cacheWriteTokens) {}

    /** Those of what was thought. */
    @Schema(name = "ResponseOutputTokens")
    record OfOutput(int reasoningTokens) {}

    static Used of(int input, int cached, int output, int reasoning) {
      return new Used(
          input, new OfInput(cached, 0), output, new OfOutput(reasoning), input + output);
    }
  }

  private static final ResponsesRequest.Text ANY_TEXT =
      new ResponsesRequest.Text(new ResponsesRequest.Format("text", null, null, null, null));

  /** The answer before anything of it is known. */
  static ResponseBody begun(Identity identity, ResponsesRequest request) {
    return new ResponseBody(
        identity.id(),
        "response",
        identity.created(),
        "in_progress",
        null,
        null,
        request.instructions(),
        request.maxOutputTokens(),
        identity.model(),
        List.of(),
        request.wantsParallelCalls(),
        null,
        Objects.requireNonNullElse(request.reasoning(), new ResponsesRequest.Reasoning(null, null)),
        false,
        request.temperature(),
        request.text() == null || request.text().format() == null ? ANY_TEXT : request.text(),
        request.toolChoice() == null || request.toolChoice().isNull()
            ? StringNode.valueOf("auto")
            : request.toolChoice(),
        request.definedTools(),
        request.topP(),
        "disabled",
        null,
        request.metadata() == null || request.metadata().isNull() ? Map.of() : request.metadata());
  }

  /** The whole answer. */
  ResponseBody ended(boolean isWhole, List<ResponseItem> items, Used used) {
    return with(
        isWhole ? "completed" : "incomplete",
        null,
        isWhole ? null : new Incomplete("max_output_tokens"),
        items,
        used);
  }

  /** The answer that will not come. */
  ResponseBody failed(OpenAiError cause, List<ResponseItem> items) {
    return with("failed", cause.error(), null, items, null);
  }

  private ResponseBody with(
      String newStatus,
      OpenAiError.@Nullable Detail cause,
      @Nullable Incomplete why,
      List<ResponseItem> items,
      @Nullable Used used) {
    return new ResponseBody(
        id,
        object,
        createdAt,
        newStatus,
        cause,
        why,
        instructions,
        maxOutputTokens,
        model,
        items,
        parallelToolCalls,
        previousResponseId,
        reasoning,
        store,
        temperature,
        text,
        toolChoice,
        tools,
        topP,
        truncation,
        used,
        metadata);
  }
}
