package dev.diptych.tasks;

import dev.diptych.model.blueprint.Head.Labels;

/** What makes scores of logits. Exponentials and sums are float64. */
public enum ScoreFunction {

  /** Scores that add up to 1: one of the labels is right. */
  SOFTMAX {
    @Override
    public float[] of(float[] logits) {
      double largest = Double.NEGATIVE_INFINITY;
      for (float logit : logits) {
        largest = Math.max(largest, logit);
      }
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - largest);
      }
      float[] scores = new float[logits.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = (float) (Math.exp(logits[i] - largest) / sum);
      }
      return scores;
    }
  },

  /** A probability for each label by itself. */
  SIGMOID {
    @Override
    public float[] of(float[] logits) {
      float[] scores = new float[logits.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = (float) (1 / (1 + Math.exp(-logits[i])));
      }
      return scores;
    }
  },

  /** The logits themselves. */
  NONE {
    @Override
    public float[] of(float[] logits) {
      return logits.clone();
    }
  };

  /**
   * The scores of one text.
   *
   * @param logits {@code [labels]}
   * @return {@code [labels]}
   */
  public abstract float[] of(float[] logits);

  /**
   * What fits a model, as the text-classification pipeline of transformers chooses ({@code
   * pipelines/text_classification.py}): nothing for a regression, a sigmoid for several labels at
   * once or a single one, else a softmax.
   */
  public static ScoreFunction ofProblem(Labels labels) {
    if ("regression".equals(labels.problem())) {
      return NONE;
    }
    return "multi_label_classification".equals(labels.problem())
        ? SIGMOID
        : ofNumber(labels.names().size());
  }

  /** What text-embeddings-inference takes: a sigmoid for a single label, else a softmax. */
  public static ScoreFunction ofNumber(int labels) {
    return labels == 1 ? SIGMOID : SOFTMAX;
  }
}
