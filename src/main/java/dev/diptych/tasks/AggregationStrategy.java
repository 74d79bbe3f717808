package dev.diptych.tasks;

/**
 * How tags of tokens become entities, as the token-classification pipeline of transformers does it
 * ({@code pipelines/token_classification.py}).
 */
public enum AggregationStrategy {
  /** Not at all: each token has its tag. */
  NONE,
  /** Tokens of one label that follow each other are one entity. */
  SIMPLE,
  /** Words are, each of them with the label of its first token. */
  FIRST,
  /** Words are, each of them with the label whose scores are the highest on average. */
  AVERAGE,
  /** Words are, each of them with the label of its surest token. */
  MAX;

  /** Whether tokens of a word have one label. */
  boolean isOfWords() {
    return this == FIRST || this == AVERAGE || this == MAX;
  }
}
