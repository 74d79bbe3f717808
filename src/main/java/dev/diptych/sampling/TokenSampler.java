package dev.diptych.sampling;

import dev.diptych.InferenceFailed;
import dev.diptych.sampling.constraint.Mask;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the tokens of one sequence. The random numbers are its own, so a seed gives the same
 * tokens whatever else is computed beside it. One thread at a time.
 */
public final class TokenSampler {

  /*
   * The order is that of transformers and text-generation-inference: penalties, what a constraint
   * allows, temperature, top-k, top-p, min-p, typical, draw. The log-probability is, as in text-generation-inference, that of the
   * distribution the token was taken from: after penalties and constraint for a greedy token, after
   * the filters for a drawn one. Without any of these it is the plain log-softmax of the logits, which OpenAI always
   * tells.
   */

  private final SamplingParameters parameters;
  private final Candidates candidates;
  private final Penalties penalties;
  private final SplittableRandom random;
  private final int vocabularySize;
  private final boolean plain;

  /**
   * A sampler for one sequence.
   *
   * @param plain whether probabilities are told of the untouched logits, and not of what was drawn
   *     from
   * @param seed of the random numbers, used instead of the parameters' own
   * @param promptTokens how many tokens of the sequence are no answer
   * @param candidates working memory, shared by the samplers of one thread
   */
  public TokenSampler(
      SamplingParameters parameters,
      boolean plain,
      long seed,
      int promptTokens,
      Candidates candidates) {
    this.parameters = parameters;
    this.candidates = candidates;
    this.vocabularySize = candidates.row.size;
    this.penalties = new Penalties(parameters, promptTokens);
    this.random = new SplittableRandom(seed);
    this.plain = plain;
  }

  /** Chooses the next token among all. */
  public SampledToken sample(float[] logits, int offset, int[] tokens, int size, int topTokens) {
    return sample(logits, offset, tokens, size, topTokens, null);
  }

  /**
   * Chooses the next token.
   *
   * @param logits {@code [rows, vocabulary]}; the row that begins at {@code offset} is used and
   *     penalties change it
   * @param tokens the sequence so far, its first {@code size} elements
   * @param topTokens how many alternatives to report
   * @param allowed the tokens to choose from; null for all
   * @throws InferenceFailed if the logits are no numbers
   */
  public SampledToken sample(
      float[] logits, int offset, int[] tokens, int size, int topTokens, @Nullable Mask allowed) {
    boolean isShaped = allowed != null || !penalties.areNeutral() || parameters.shapesTheDraw();
    boolean tellsUntouched = plain && isShaped;
    if (tellsUntouched) {
      candidates.keepUntouched(logits, offset);
    }
    penalties.apply(logits, offset, vocabularySize, tokens, size);
    if (allowed != null) {
      allowed.apply(logits, offset);
    }
    Float temperature = parameters.isSampled() ? parameters.temperature() : null;
    if (!candidates.open(logits, offset, temperature)) {
      throw new InferenceFailed("the model's logits are not numbers");
    }
    if (tellsUntouched) {
      int token = parameters.isSampled() ? draw() : candidates.row.first();
      candidates.openUntouched();
      return PlainProbabilities.ofOpened(candidates, token, topTokens);
    }
    return parameters.isSampled() ? drawn(topTokens) : largest(topTokens);
  }

  private SampledToken largest(int topTokens) {
    double total = candidates.row.largest() + Math.log(candidates.mass());
    return sampled(candidates.row.first(), topTokens, total);
  }

  private SampledToken drawn(int topTokens) {
    filter();
    double mass = candidates.mass();
    double total = candidates.row.largest() + Math.log(mass);
    int token = candidates.tokenAt(random.nextDouble() * mass);
    return sampled(token, topTokens, total);
  }

  private int draw() {
    filter();
    return candidates.tokenAt(random.nextDouble() * candidates.mass());
  }

  private void filter() {
    if (parameters.topK() != null) {
      Filters.topK(candidates, parameters.topK());
    }
    if (parameters.topP() != null) {
      Filters.topP(candidates, parameters.topP());
    }
    if (parameters.minP() != null) {
      Filters.minP(candidates, parameters.minP());
    }
    if (parameters.typicalP() != null) {
      Filters.typical(candidates, parameters.typicalP());
    }
  }

  private SampledToken sampled(int token, int topTokens, double total) {
    return new SampledToken(
        TokenProbability.of(token, candidates.row.score(token), total),
        topTokens == 0 ? List.of() : top(topTokens, total));
  }

  /* Tokens that cannot be chosen are no alternatives. */
  private List<TokenProbability> top(int count, double total) {
    if (candidates.isWhole()) {
      candidates.findBest(count, Ranking.BY_SCORE);
    }
    List<TokenProbability> top = TopTokens.of(candidates, count, total);
    top.removeIf(token -> token.logProbability() == Float.NEGATIVE_INFINITY);
    return top;
  }
}
