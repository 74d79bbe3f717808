package dev.diptych.torchscript;

/** The plain definition, in double precision. */
final class Softmax {

  private Softmax() {}

  static double logProbability(float[] logits, int id) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return logits[id] - largest - Math.log(sum);
  }
}
