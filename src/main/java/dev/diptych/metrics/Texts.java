package dev.diptych.metrics;

/** What metrics of both kinds of engines say of themselves, which must be the same. */
final class Texts {

  static final String PREPARATION = "Checks and tokenization of a request";
  static final String QUEUE = "Wait of a request for its place in a batch";
  static final String INPUT_TOKENS = "Tokens that a request gives a model to read";

  private Texts() {}
}
