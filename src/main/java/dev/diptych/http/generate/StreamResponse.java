package dev.diptych.http.generate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.diptych.generation.Completion;
import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.GenerationEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event of {@code /generate_stream}; only the last has a text. */
record StreamResponse(
    @Schema(description = "Counted from 1.") int index,
    GenerateResponse.Token token,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GenerateResponse.Token> topTokens,
    @Nullable String generatedText,
    @Nullable StreamDetails details) {

  /** How the answer came about. */
  record StreamDetails(
      @Schema(allowableValues = {"length", "eos_token", "stop_sequence"}) String finishReason,
      int generatedTokens,
      @Schema(minimum = "0", maximum = "18446744073709551615") @Nullable BigInteger seed,
      int inputLength) {}

  static StreamResponse of(GenerationEvent.Token event) {
    return of(event.index(), event.token(), event.top(), null, null);
  }

  static StreamResponse of(
      Completion completion, String before, boolean withDetails, int promptTokens) {
    int count = completion.tokens().size();
    StreamDetails details =
        new StreamDetails(
            GenerateResponse.label(completion.finishReason()),
            count,
            UnsignedSeed.of(completion.seed()),
            promptTokens);
    return of(
        count,
        completion.tokens().getLast(),
        completion.topTokens().isEmpty() ? List.of() : completion.topTokens().getLast(),
        before + completion.text(),
        withDetails ? details : null);
  }

  private static StreamResponse of(
      int index,
      GeneratedToken token,
      List<GeneratedToken> top,
      @Nullable String text,
      @Nullable StreamDetails details) {
    return new StreamResponse(
        index, GenerateResponse.Token.of(token), GenerateResponse.Token.of(top), text, details);
  }
}
