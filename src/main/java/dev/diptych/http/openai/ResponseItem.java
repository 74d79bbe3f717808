package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of the output of {@code /v1/responses}. */
sealed interface ResponseItem {

  /** What the model said. */
  @Schema(name = "ResponseMessageItem")
  record Message(String type, String id, String status, String role, List<Part> content)
      implements ResponseItem {

    static Message of(String id, String status, List<Part> content) {
      return new Message("message", id, status, "assistant", content);
    }
  }

  /** What the model thought before it answered. */
  @Schema(name = "ResponseReasoningItem")
  record Reasoning(String type, String id, String status, List<String> summary, List<Part> content)
      implements ResponseItem {

    static Reasoning of(String id, String status, List<Part> content) {
      return new Reasoning("reasoning", id, status, List.of(), content);
    }
  }

  /**
   * A call of a tool.
   *
   * @param callId by which a function_call_output answers
   * @param arguments as JSON text
   */
  @Schema(name = "ResponseCallItem")
  record Call(String type, String id, String callId, String name, String arguments, String status)
      implements ResponseItem {

    static Call of(String id, String callId, String name, String arguments, String status) {
      return new Call("function_call", id, callId, name, arguments, status);
    }
  }

  /** A text in an item. */
  @Schema(name = "ResponseTextPart")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Part(
      @Schema(allowableValues = {"output_text", "reasoning_text"}) String type,
      String text,
      @Nullable List<String> annotations,
      @Nullable List<String> logprobs) {

    static Part output(String text) {
      return new Part("output_text", text, List.of(), List.of());
    }

    static Part reasoning(String text) {
      return new Part("reasoning_text", text, null, null);
    }
  }
}
