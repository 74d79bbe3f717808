package dev.diptych.model.blueprint;

import org.jspecify.annotations.Nullable;

/** What the attention of a layer knows of the places of tokens. */
public sealed interface Positions {

  /** Nothing: all is in the embeddings, or nothing is known. */
  record None() implements Positions {}

  /**
   * Queries and keys rotate by their place.
   *
   * @param queryGrowth how queries grow with their place; null for not at all
   */
  record Rotary(RotaryEmbedding rotary, @Nullable QueryGrowth queryGrowth) implements Positions {

    public Rotary(RotaryEmbedding rotary) {
      this(rotary, null);
    }
  }

  /**
   * Queries times {@code 1 + beta * ln(1 + floor(place / context))}, as Llama 4 and Ministral 3.
   */
  record QueryGrowth(double beta, int context) {}

  /**
   * A learned number for each distance and head, added to the scaled products of queries and keys,
   * as T5's (arXiv:1910.10683). All layers share one table, {@code [buckets, heads]}.
   *
   * @param maxDistance from which on distances share a bucket
   */
  record RelativeBias(int buckets, int maxDistance) implements Positions {}

  /**
   * Disentangled attention (DeBERTa, arXiv:2006.03654): the products of queries with the keys of
   * distances, and of keys with the queries of distances, are added to those of queries and keys,
   * and scaled alike. All layers share one table of distances, {@code [2 * span, width]}.
   *
   * @param span rows of the table on either side
   * @param maxDistance of the logarithmic buckets that distances from half of the span on share; 0
   *     if each distance within the span has a row of its own
   * @param contentToPosition whether contents look at places
   * @param positionToContent whether places look at contents
   * @param shared whether the layers that make queries and keys make those of distances too
   * @param norm of the table
   */
  record Disentangled(
      int span,
      int maxDistance,
      boolean contentToPosition,
      boolean positionToContent,
      boolean shared,
      Norm norm)
      implements Positions {}
}
