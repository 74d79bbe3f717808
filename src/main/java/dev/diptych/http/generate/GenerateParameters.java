package dev.diptych.http.generate;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.InvalidInput;
import dev.diptych.generation.Choices;
import dev.diptych.generation.Ending;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.Prompt;
import dev.diptych.generation.Report;
import dev.diptych.http.NearestFloat;
import dev.diptych.sampling.SamplingParameters;
import dev.diptych.sampling.constraint.Constraint;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code parameters} of a request. What is absent or null takes its default. */
@Schema(
    description =
        "How to continue the text. The answer is greedy unless do_sample is true or one of"
            + " temperature, top_k, top_p and typical_p is given and not neutral.")
record GenerateParameters(
    @Schema(
            description =
                "Answers to draw, of which the most probable one is returned. Needs sampling, no"
                    + " seed, and no stream.",
            defaultValue = "1",
            minimum = "1")
        @Nullable Integer bestOf,
    @Schema(
            description =
                "Divides the logits: below 1 more predictable, above 1 more varied, 1 is neutral.")
        @Nullable Double temperature,
    @Schema(description = "Weakens tokens that occurred in the prompt or the answer; 1 is neutral.")
        @Nullable Double repetitionPenalty,
    @Schema(
            description = "Weakens tokens by their share of the text so far; 0 is neutral.",
            minimum = "-2",
            maximum = "2")
        @Nullable Double frequencyPenalty,
    @Schema(
            description = "Draws from the k most probable tokens only; 0 is neutral.",
            minimum = "0")
        @Nullable Integer topK,
    @Schema(
            description =
                "Draws from the most probable tokens whose probabilities add up to this, above 0;"
                    + " 1 is neutral.",
            maximum = "1")
        @Nullable Double topP,
    @Schema(
            description =
                "Draws from the tokens of typical information content up to this probability,"
                    + " above 0; 1 is neutral.",
            maximum = "1")
        @Nullable Double typicalP,
    @Schema(
            description = "Draws tokens instead of taking the most probable.",
            defaultValue = "false")
        @Nullable Boolean doSample,
    @Schema(
            description = "Tokens after which the answer ends at the latest.",
            example = "20",
            minimum = "1")
        @Nullable Integer maxNewTokens,
    @Schema(description = "Puts the prompt in front of generated_text.", defaultValue = "false")
        @Nullable Boolean returnFullText,
    @Schema(
            description = "Texts that end the answer; the one found stays at its end.",
            example = "[\"\\n\\n\"]")
        @Nullable List<@Nullable String> stop,
    @Schema(description = "Keeps only this many of the prompt's last tokens.", minimum = "1")
        @Nullable Integer truncate,
    @Schema(description = "Not supported: only false is accepted.", defaultValue = "false")
        @Nullable Boolean watermark,
    @Schema(
            description = "Returns every token with its log-probability.",
            defaultValue = "false",
            example = "true")
        @Nullable Boolean details,
    @Schema(
            description =
                "Returns the prompt's tokens with their log-probabilities too; not in streams.",
            defaultValue = "false")
        @Nullable Boolean decoderInputDetails,
    @Schema(
            description = "Makes sampling repeatable: the same seed gives the same answer.",
            minimum = "0",
            maximum = "18446744073709551615")
        @Nullable BigInteger seed,
    @Schema(
            description = "Most probable tokens to report at each place.",
            defaultValue = "0",
            minimum = "0")
        @JsonProperty("top_n_tokens") // the naming strategy takes NT for one word
        @Nullable Integer topNTokens,
    @Nullable Grammar grammar,
    @Schema(description = "Not supported: only null is accepted.", types = "null")
        @Nullable String adapterId) {

  private static final int MOST_SHOWN = 30;

  static final GenerateParameters NONE =
      new GenerateParameters(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null);

  private void requireSupported() {
    if (Boolean.TRUE.equals(watermark)) {
      throw new InvalidInput("`watermark` is not supported");
    }
    if (adapterId != null) {
      throw new InvalidInput("`adapter_id` is not supported. Given: " + adapterId);
    }
    if (seed != null && !UnsignedSeed.isOne(seed)) {
      throw new InvalidInput(
          "`seed` must be >= 0 and <= 18446744073709551615. Given: " + shortened(seed.toString()));
    }
    if (maxNewTokens != null && maxNewTokens < 1) {
      throw new InvalidInput("`max_new_tokens` must be strictly positive. Given: " + maxNewTokens);
    }
    if (stop != null && stop.contains(null)) {
      throw new InvalidInput("`stop` must be a list of strings, one of them is null");
    }
  }

  private static String shortened(String number) {
    return number.length() <= MOST_SHOWN ? number : number.substring(0, MOST_SHOWN) + "…";
  }

  /** Whether an answer that comes whole has details; those of the prompt stand there too. */
  boolean wantsDetails() {
    return wantsDetailsOfStream() || wantsPromptDetails();
  }

  boolean wantsDetailsOfStream() {
    return Boolean.TRUE.equals(details);
  }

  boolean wantsPromptDetails() {
    return Boolean.TRUE.equals(decoderInputDetails);
  }

  boolean wantsFullText(boolean otherwise) {
    return returnFullText == null ? otherwise : returnFullText;
  }

  /**
   * The engine's request for a prompt with these parameters.
   *
   * @throws InvalidInput if one of them is not supported or out of range
   */
  GenerationRequest request(String prompt) {
    requireSupported();
    SamplingParameters sampling =
        new SamplingParameters(
            Boolean.TRUE.equals(doSample),
            NearestFloat.of(temperature),
            topK,
            NearestFloat.of(topP),
            null,
            NearestFloat.of(typicalP),
            NearestFloat.of(repetitionPenalty),
            NearestFloat.of(frequencyPenalty),
            null,
            null,
            Map.of(),
            seed == null ? null : seed.longValue());
    requireRandomness(sampling);
    Constraint constraint = grammar == null ? null : grammar.constraint();
    return new GenerationRequest(
        new Prompt.Text(prompt, true),
        maxNewTokens,
        truncate,
        sampling,
        new Ending(stops(), true, false),
        new Choices(1, bestOf == null ? 1 : bestOf),
        new Report(topNTokens == null ? 0 : topNTokens, wantsPromptDetails(), false),
        constraint);
  }

  /* For several answers, which are to differ. */
  private void requireRandomness(SamplingParameters sampling) {
    if (bestOf == null || bestOf <= 1) {
      return;
    }
    if (!sampling.isSampled()) {
      throw new InvalidInput("you must use sampling when `best_of` is > 1");
    }
    if (seed != null) {
      throw new InvalidInput("`seed` must not be set when `best_of` > 1");
    }
  }

  private List<String> stops() {
    return stop == null ? List.of() : stop.stream().map(text -> text == null ? "" : text).toList();
  }

  /** Refuses what makes no sense token by token. */
  void requireStreamable() {
    if (bestOf != null && bestOf != 1) {
      throw new InvalidInput("`best_of` != 1 is not supported when streaming tokens");
    }
    if (wantsPromptDetails()) {
      throw new InvalidInput(
          "`decoder_input_details` == true is not supported when streaming tokens");
    }
  }
}
