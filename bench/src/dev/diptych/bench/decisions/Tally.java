package dev.diptych.bench.decisions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What one side answered to the items of a kind, and how long it took. */
final class Tally {

  private final List<Double> milliseconds = new ArrayList<>();
  private int right;
  private double brier;

  void add(LabelledItem.Judgement judgement, double milliseconds) {
    this.milliseconds.add(milliseconds);
    right += judgement.right() ? 1 : 0;
    brier += judgement.brier();
  }

  int count() {
    return milliseconds.size();
  }

  double accuracy() {
    return (double) right / count();
  }

  double brier() {
    return brier / count();
  }

  double medianMilliseconds() {
    List<Double> sorted = new ArrayList<>(milliseconds);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
