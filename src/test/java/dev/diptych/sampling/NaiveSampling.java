package dev.diptych.sampling;

import static java.util.Comparator.comparingDouble;
import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sampling written for plainness: doubles, full sorts, new lists; only the division by the
 * temperature rounds to floats, as that decides ties. Gives the distribution drawn from.
 */
final class NaiveSampling {

  private NaiveSampling() {}

  /**
   * Log-probability of every token that may be drawn, or all of them for greedy decoding, in the
   * order in which a random number chooses: by id, or as the last filter ranks them.
   */
  static Map<Integer, Double> distribution(
      float[] logits, SamplingParameters parameters, int[] tokens, int promptTokens) {
    Map<Integer, Double> scores = new LinkedHashMap<>();
    for (int id = 0; id < logits.length; id++) {
      scores.put(id, penalized(id, logits[id], parameters, tokens, promptTokens));
    }
    if (parameters.isSampled()) {
      scores.values().removeIf(score -> score == Double.NEGATIVE_INFINITY);
    }
    Float temperature = parameters.temperature();
    if (temperature != null) {
      double largest = scores.values().stream().mapToDouble(score -> score).max().orElseThrow();
      scores.replaceAll((id, score) -> (double) ((float) (score - largest) / temperature));
    }
    if (parameters.topK() != null) {
      retain(scores, ordered(scores).stream().limit(parameters.topK()).toList());
    }
    if (parameters.topP() != null) {
      retainMass(scores, ordered(scores), parameters.topP());
    }
    if (parameters.minP() != null) {
      double best = scores.values().stream().mapToDouble(score -> score).max().orElseThrow();
      double least = best + Math.log(parameters.minP());
      retain(
          scores,
          ordered(scores).stream()
              .filter(id -> scores.getOrDefault(id, Double.NaN) >= least)
              .toList());
    }
    if (parameters.typicalP() != null) {
      Map<Integer, Double> logs = logSoftmax(scores);
      double entropy = logs.values().stream().mapToDouble(log -> -Math.exp(log) * log).sum();
      List<Integer> typical = new ArrayList<>(logs.keySet());
      typical.sort(comparingDouble(id -> Math.abs(-logs.getOrDefault(id, Double.NaN) - entropy)));
      retainMass(scores, typical, parameters.typicalP());
    }
    return logSoftmax(scores);
  }

  static List<Integer> ordered(Map<Integer, Double> scores) {
    List<Integer> ids = new ArrayList<>(scores.keySet());
    ids.sort(
        comparingDouble((Integer id) -> -scores.getOrDefault(id, Double.NaN))
            .thenComparing(comparingInt(id -> id)));
    return ids;
  }

  private static double penalized(
      int id, double logit, SamplingParameters parameters, int[] tokens, int promptTokens) {
    int count = 0;
    int answered = 0;
    for (int i = 0; i < tokens.length; i++) {
      count += tokens[i] == id ? 1 : 0;
      answered += tokens[i] == id && i >= promptTokens ? 1 : 0;
    }
    double score = logit;
    if (count > 0 && parameters.repetitionPenalty() != null) {
      score =
          score < 0
              ? score * parameters.repetitionPenalty()
              : score / parameters.repetitionPenalty();
    }
    if (parameters.relativeFrequencyPenalty() != null) {
      score -= (double) count / tokens.length * parameters.relativeFrequencyPenalty();
    }
    if (answered > 0 && parameters.presencePenalty() != null) {
      score -= parameters.presencePenalty();
    }
    if (parameters.frequencyPenalty() != null) {
      score -= answered * parameters.frequencyPenalty();
    }
    return score + parameters.logitBias().getOrDefault(id, 0f);
  }

  private static void retainMass(Map<Integer, Double> scores, List<Integer> order, double mass) {
    Map<Integer, Double> logs = logSoftmax(scores);
    double sum = 0;
    List<Integer> kept = new ArrayList<>();
    for (int id : order) {
      if (sum < mass) {
        kept.add(id);
      }
      sum += Math.exp(logs.getOrDefault(id, Double.NaN));
    }
    retain(scores, kept);
  }

  private static void retain(Map<Integer, Double> scores, List<Integer> kept) {
    Map<Integer, Double> all = Map.copyOf(scores);
    scores.clear();
    kept.forEach(id -> scores.put(id, all.getOrDefault(id, Double.NaN)));
  }

  private static Map<Integer, Double> logSoftmax(Map<Integer, Double> scores) {
    double sum = scores.values().stream().mapToDouble(Math::exp).sum();
    Map<Integer, Double> logs = new LinkedHashMap<>();
    scores.forEach((id, score) -> logs.put(id, score - Math.log(sum)));
    return logs;
  }
}
