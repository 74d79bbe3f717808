package dev.diptych.http.generate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.diptych.generation.Completion;
import dev.diptych.generation.FinishReason;
import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.GenerationEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code /generate}. */
record GenerateResponse(
    @Schema(example = " Paris.") String generatedText,
    @Schema(description = "Only if asked for with details.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Details details) {

  /** A token of the answer. */
  @Schema(name = "GeneratedToken")
  record Token(int id, String text, @Nullable Float logprob, boolean special) {

    static Token of(GeneratedToken token) {
      return new Token(token.id(), token.text(), token.logProbability(), token.special());
    }

    static List<Token> of(List<GeneratedToken> tokens) {
      return tokens.stream().map(Token::of).toList();
    }
  }

  /** A token of the prompt; the first has no probability. */
  record PrefillToken(int id, String text, @Nullable Float logprob) {

    static List<PrefillToken> of(List<GeneratedToken> tokens) {
      return tokens.stream()
          .map(token -> new PrefillToken(token.id(), token.text(), token.logProbability()))
          .toList();
    }
  }

  /** How the answer came about. */
  record Details(
      @Schema(allowableValues = {"length", "eos_token", "stop_sequence"}) String finishReason,
      int generatedTokens,
      @Schema(minimum = "0", maximum = "18446744073709551615") @Nullable BigInteger seed,
      List<PrefillToken> prefill,
      List<Token> tokens,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<OtherAnswer> bestOfSequences,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<List<Token>> topTokens) {}

  /** An answer that was less probable than the one returned. */
  record OtherAnswer(
      String generatedText,
      @Schema(allowableValues = {"length", "eos_token", "stop_sequence"}) String finishReason,
      int generatedTokens,
      @Schema(minimum = "0", maximum = "18446744073709551615") @Nullable BigInteger seed,
      List<PrefillToken> prefill,
      List<Token> tokens,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<List<Token>> topTokens) {

    static OtherAnswer of(Completion completion, String before) {
      return new OtherAnswer(
          before + completion.text(),
          label(completion.finishReason()),
          completion.tokens().size(),
          UnsignedSeed.of(completion.seed()),
          PrefillToken.of(completion.prompt()),
          Token.of(completion.tokens()),
          topTokensOf(completion));
    }
  }

  /**
   * The answer to a finished generation.
   *
   * @param before put in front of every text
   */
  static GenerateResponse of(
      GenerationEvent.Finished finished, String before, boolean withDetails) {
    Completion completion = finished.completion();
    List<OtherAnswer> others =
        finished.others().stream().map(other -> OtherAnswer.of(other, before)).toList();
    Details details =
        new Details(
            label(completion.finishReason()),
            completion.tokens().size(),
            UnsignedSeed.of(completion.seed()),
            PrefillToken.of(completion.prompt()),
            Token.of(completion.tokens()),
            others.isEmpty() ? null : others,
            topTokensOf(completion));
    return new GenerateResponse(before + completion.text(), withDetails ? details : null);
  }

  static String label(FinishReason reason) {
    return switch (reason) {
      case LENGTH -> "length";
      case END_OF_TEXT -> "eos_token";
      case STOP_SEQUENCE -> "stop_sequence";
    };
  }

  private static @Nullable List<List<Token>> topTokensOf(Completion completion) {
    return completion.topTokens().isEmpty()
        ? null
        : completion.topTokens().stream().map(Token::of).toList();
  }
}
