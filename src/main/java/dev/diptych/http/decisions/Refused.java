package dev.diptych.http.decisions;

import java.util.List;

/** A request with values that cannot be used. */
final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /**
   * @param problems at least one
   */
  Refused(List<Problem> problems) {
    super(problems.getFirst().msg(), null, false, false); // it is known what happened
    this.problems = List.copyOf(problems);
  }

  List<Problem> problems() {
    return problems;
  }
}
