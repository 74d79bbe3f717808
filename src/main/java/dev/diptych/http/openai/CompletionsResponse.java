package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code /v1/completions}, and each of its events.
 *
 * @param choices as many for each prompt as were asked for, prompt after prompt; none in the event
 *     that tells the usage
 * @param usage of an event only if it was asked for, and then null but in the last one
 */
record CompletionsResponse(
    @Schema(example = "cmpl-0f3c8ff6") String id,
    @Schema(example = "text_completion") String object,
    long created,
    String model,
    List<Choice> choices,
    @Schema(implementation = Usage.class) @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Object usage) {

  /**
   * A text.
   *
   * @param logprobs null unless they were asked for
   * @param finishReason null in events before the last one of a text
   */
  @Schema(name = "CompletionChoice")
  record Choice(
      int index,
      String text,
      @Nullable TextLogprobs logprobs,
      @Schema(allowableValues = {"stop", "length"}) @Nullable String finishReason) {}

  static CompletionsResponse of(Identity identity, List<Choice> choices, @Nullable Object usage) {
    return new CompletionsResponse(
        identity.id(), "text_completion", identity.created(), identity.model(), choices, usage);
  }
}
