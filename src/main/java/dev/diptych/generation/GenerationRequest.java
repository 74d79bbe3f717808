package dev.diptych.generation;

import dev.diptych.sampling.SamplingParameters;
import dev.diptych.sampling.constraint.Constraint;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and how to continue it.
 *
 * @param maxNewTokens null takes the configured default, or less where the context ends; 0 only
 *     tells of the prompt
 * @param truncate keeps only this many of the prompt's last tokens; null keeps all
 * @param constraint the shape that each answer has; null leaves it to the model
 */
public record GenerationRequest(
    Prompt prompt,
    @Nullable Integer maxNewTokens,
    @Nullable Integer truncate,
    SamplingParameters sampling,
    Ending ending,
    Choices choices,
    Report report,
    @Nullable Constraint constraint) {

  /** One whose answers have any shape. */
  public GenerationRequest(
      Prompt prompt,
      @Nullable Integer maxNewTokens,
      @Nullable Integer truncate,
      SamplingParameters sampling,
      Ending ending,
      Choices choices,
      Report report) {
    this(prompt, maxNewTokens, truncate, sampling, ending, choices, report, null);
  }

  /** The greedy continuation of a text. */
  public static GenerationRequest greedy(String prompt, @Nullable Integer maxNewTokens) {
    return of(new Prompt.Text(prompt, true), maxNewTokens, SamplingParameters.GREEDY);
  }

  /** One answer of which nothing but its tokens is told. */
  public static GenerationRequest of(
      Prompt prompt, @Nullable Integer maxNewTokens, SamplingParameters sampling) {
    return new GenerationRequest(
        prompt,
        maxNewTokens,
        null,
        sampling,
        Ending.BY_THE_MODEL,
        Choices.ONE,
        Report.OF_THE_ANSWER);
  }

  /** It with another end. */
  public GenerationRequest with(Ending another) {
    return new GenerationRequest(
        prompt, maxNewTokens, truncate, sampling, another, choices, report, constraint);
  }

  /** It with another number of answers. */
  public GenerationRequest with(Choices another) {
    return new GenerationRequest(
        prompt, maxNewTokens, truncate, sampling, ending, another, report, constraint);
  }

  /** It with something else to tell. */
  public GenerationRequest with(Report another) {
    return new GenerationRequest(
        prompt, maxNewTokens, truncate, sampling, ending, choices, another, constraint);
  }

  /** It with answers of this shape. */
  public GenerationRequest with(@Nullable Constraint another) {
    return new GenerationRequest(
        prompt, maxNewTokens, truncate, sampling, ending, choices, report, another);
  }

  /** It cut to so many of the prompt's last tokens. */
  public GenerationRequest truncatedTo(@Nullable Integer tokens) {
    return new GenerationRequest(
        prompt, maxNewTokens, tokens, sampling, ending, choices, report, constraint);
  }
}
