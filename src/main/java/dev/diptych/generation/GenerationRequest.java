package dev.diptych.generation;

import dev.diptych.sampling.SamplingParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and how to continue it.
 *
 * @param addSpecialTokens whether the tokenizer's own template is applied to the prompt
 * @param maxNewTokens null takes the configured default, or less where the context ends
 * @param truncate keeps only this many of the prompt's last tokens; null keeps all
 * @param stop texts that end the answer
 * @param bestOf drawn answers of which the most probable one is chosen
 * @param topTokens most probable tokens to report for each token
 * @param promptDetails whether the probabilities of the prompt's tokens are wanted
 */
public record GenerationRequest(
    String prompt,
    boolean addSpecialTokens,
    @Nullable Integer maxNewTokens,
    @Nullable Integer truncate,
    SamplingParameters sampling,
    List<String> stop,
    int bestOf,
    int topTokens,
    boolean promptDetails) {

  public GenerationRequest {
    stop = List.copyOf(stop);
  }

  /** The greedy continuation of a text. */
  public static GenerationRequest greedy(String prompt, @Nullable Integer maxNewTokens) {
    return new GenerationRequest(
        prompt, true, maxNewTokens, null, SamplingParameters.GREEDY, List.of(), 1, 0, false);
  }
}
