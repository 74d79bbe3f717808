package dev.diptych.bench;

import java.util.Map;

/** One of those that are measured. */
interface Contestant extends AutoCloseable {

  /** A short name with version and precision. */
  String name();

  /** How it is reached, and what that favours. */
  String remark();

  boolean takes(Workload workload);

  /**
   * Does the work once.
   *
   * @param texts the texts of this round
   */
  Map<Measure, Double> run(Workload workload, Texts texts) throws Exception;

  /** What it says of itself after all rounds, such as its memory; in Markdown. */
  default String closingRemark() {
    return "";
  }

  @Override
  void close();
}
