package dev.diptych.sampling;

import dev.diptych.InferenceFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Chooses the tokens of one sequence. The random numbers are its own, so a seed gives the same
 * tokens whatever else is computed beside it. One thread at a time.
 */
public final class TokenSampler {

  /*
   * The order is that of transformers and text-generation-inference: penalties, temperature, top-k,
   * top-p, typical, draw. The log-probability is, as in text-generation-inference, that of the
   * distribution the token was taken from: after penalties for a greedy token, after the filters for
   * a drawn one. Without any of these it is the plain log-softmax of the logits.
   */

  private final SamplingParameters parameters;
  private final Candidates candidates;
  private final Penalties penalties;
  private final SplittableRandom random;
  private final int vocabularySize;

  /**
   * A sampler for one sequence.
   *
   * @param seed of the random numbers, used instead of the parameters' own
   * @param candidates working memory, shared by the samplers of one thread
   */
  public TokenSampler(SamplingParameters parameters, long seed, Candidates candidates) {
    this.parameters = parameters;
    this.candidates = candidates;
    this.vocabularySize = candidates.ids.length;
    this.penalties = new Penalties(parameters);
    this.random = new SplittableRandom(seed);
  }

  /**
   * Chooses the next token.
   *
   * @param logits {@code [rows, vocabulary]}; the row that begins at {@code offset} is used and
   *     changed
   * @param tokens the sequence so far, its first {@code size} elements
   * @param topTokens how many alternatives to report
   * @throws InferenceFailed if the logits are no numbers
   */
  public SampledToken sample(float[] logits, int offset, int[] tokens, int size, int topTokens) {
    penalties.apply(logits, offset, vocabularySize, tokens, size);
    return parameters.isSampled()
        ? draw(logits, offset, topTokens)
        : takeLargest(logits, offset, topTokens);
  }

  private SampledToken takeLargest(float[] logits, int offset, int topTokens) {
    ColumnMaxima columns = candidates.columns;
    columns.read(logits, offset, vocabularySize);
    double total = finite(LogSumExp.of(logits, offset, vocabularySize, columns.largest()));
    int best = columns.indexOfLargest();
    TokenProbability token =
        new TokenProbability(best, (float) Math.min(0, logits[offset + best] - total));
    if (topTokens == 0) {
      return new SampledToken(token, List.of());
    }
    columns.collect(topTokens, candidates);
    return new SampledToken(token, topCandidates(topTokens, total));
  }

  private SampledToken draw(float[] logits, int offset, int topTokens) {
    ColumnMaxima columns = candidates.columns;
    columns.read(logits, offset, vocabularySize);
    if (!Float.isFinite(columns.largest())) {
      throw notNumbers();
    }
    Integer topK = parameters.topK();
    if (topK != null) {
      columns.collect(topK, candidates);
      applyTemperature(candidates.scores, 0, candidates.size, columns.largest());
      Filters.topK(candidates, topK);
    } else {
      applyTemperature(logits, offset, vocabularySize, columns.largest());
      fill(logits, offset);
    }
    if (topK != null && parameters.topP() != null) {
      Filters.topP(candidates, parameters.topP());
    }
    if (parameters.typicalP() != null) {
      Filters.typical(candidates, parameters.typicalP());
    }
    double total = finite(LogSumExp.of(candidates.scores, 0, candidates.size));
    int chosen = drawIndex(total);
    TokenProbability token = probability(chosen, total);
    return new SampledToken(token, topCandidates(topTokens, total));
  }

  /* With what top-p keeps of the row, or with all of it. */
  private void fill(float[] scores, int offset) {
    if (parameters.topP() == null) {
      candidates.fill(scores, offset, vocabularySize);
      return;
    }
    candidates.columns.read(scores, offset, vocabularySize);
    double total =
        finite(LogSumExp.of(scores, offset, vocabularySize, candidates.columns.largest()));
    Filters.topP(candidates, parameters.topP(), total);
  }

  /* Relative to the largest logit, so that no temperature, however small, makes it infinite. */
  private void applyTemperature(float[] scores, int offset, int count, float largest) {
    if (parameters.temperature() == null || parameters.temperature() == 1) {
      return;
    }
    float temperature = parameters.temperature();
    for (int i = offset; i < offset + count; i++) {
      scores[i] = (scores[i] - largest) / temperature;
    }
  }

  /* The first candidate at which the sum of probabilities exceeds a uniform number. */
  private int drawIndex(double total) {
    double threshold = random.nextDouble();
    double sum = 0;
    int last = 0;
    for (int i = 0; i < candidates.size; i++) {
      double probability = Math.exp(Math.min(0, candidates.scores[i] - total));
      sum += probability;
      if (probability > 0) {
        last = i;
      }
      if (sum > threshold) {
        return i;
      }
    }
    return last; // rounding left the sum below the threshold
  }

  private List<TokenProbability> topCandidates(int count, double total) {
    if (count == 0) {
      return List.of();
    }
    candidates.orderBest(count);
    List<TokenProbability> top = new ArrayList<>(count);
    for (int i = 0; i < Math.min(count, candidates.size); i++) {
      top.add(probability(i, total));
    }
    return top;
  }

  private TokenProbability probability(int candidate, double total) {
    return new TokenProbability(
        candidates.ids[candidate], (float) Math.min(0, candidates.scores[candidate] - total));
  }

  private static double finite(double total) {
    if (Double.isNaN(total)) {
      throw notNumbers();
    }
    return total;
  }

  private static InferenceFailed notNumbers() {
    return new InferenceFailed("the model's logits are not numbers");
  }
}
