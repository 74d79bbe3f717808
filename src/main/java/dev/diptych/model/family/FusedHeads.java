package dev.diptych.model.family;

import dev.diptych.model.blueprint.Attention;

/**
 * Queries, keys and values in one tensor: for each head of keys and values first the queries that
 * share it, then its key, then its value.
 */
final class FusedHeads {

  private FusedHeads() {}

  /** Adds the three slots of all layers. */
  static WeightNames.Builder slots(WeightNames.Builder names, Attention attention, String stored) {
    long groups = attention.keyValueHeads();
    long key = attention.headWidth();
    long queries = attention.queryWidth() / groups;
    long rows = queries + 2 * key;
    return names
        .part("layer.{}.attention.query", stored, new Part.RowsOfGroups(groups, rows, 0, queries))
        .part("layer.{}.attention.key", stored, new Part.RowsOfGroups(groups, rows, queries, key))
        .part(
            "layer.{}.attention.value",
            stored,
            new Part.RowsOfGroups(groups, rows, queries + key, key));
  }
}
