package dev.diptych.tasks;

import java.util.List;

/**
 * Which labels a text may get.
 *
 * @param labels at least one
 * @param template what each of them makes a sentence of
 * @param multiLabel whether several may be right: each is then judged by itself
 */
public record ZeroShotOptions(
    List<String> labels, HypothesisTemplate template, boolean multiLabel) {

  public ZeroShotOptions {
    labels = List.copyOf(labels);
  }
}
