package dev.diptych.tasks;

import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.model.blueprint.Head.Labels;

/**
 * What a classifier says of texts.
 *
 * <p>The arrays are not copied.
 *
 * @param labels the classes
 * @param logits in the order of the labels, all of them finite, {@code [texts][labels]}
 * @param metrics what they cost
 */
@SuppressWarnings("ArrayRecordComponent")
public record Classification(Labels labels, float[][] logits, EncodingMetrics metrics) {

  /**
   * The scores of one text, in the order of the labels.
   *
   * @return {@code [labels]}
   */
  public float[] scores(int text, ScoreFunction function) {
    return function.of(logits[text]);
  }
}
