package dev.diptych.model.family;

import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;

/** The names of tensors in GGUF files, which llama.cpp gives to all architectures alike. */
final class GgufNames {

  private static final String QUERY = "layer.{}.attention.query";
  private static final String KEY = "layer.{}.attention.key";
  private static final String VALUE = "layer.{}.attention.value";
  private static final String GATE = "layer.{}.feed_forward.gate";
  private static final String UP = "layer.{}.feed_forward.up";

  private GgufNames() {}

  /**
   * Names of a model whose rows are in Hugging Face's order. Those of queries, keys and values may
   * stand in one tensor behind each other.
   */
  static WeightNames.Builder of(Blueprint blueprint) {
    return attention(names(), blueprint).slot(GATE, "blk.{}.ffn_gate").slot(UP, "blk.{}.ffn_up");
  }

  /**
   * Names of a model whose queries and keys rotate in {@linkplain Part.Interleaved other pairs}.
   */
  static WeightNames.Builder interleaved(Blueprint blueprint) {
    Part rows = new Part.Interleaved(blueprint.layers().getFirst().attention().headWidth());
    return names()
        .part(QUERY, "blk.{}.attn_q", rows)
        .part(KEY, "blk.{}.attn_k", rows)
        .slot(VALUE, "blk.{}.attn_v")
        .slot(GATE, "blk.{}.ffn_gate")
        .slot(UP, "blk.{}.ffn_up");
  }

  /** As {@link #of}, with the rows of the gate before those of the projection up in one tensor. */
  static WeightNames.Builder gateBeforeUp(Blueprint blueprint) {
    long width = blueprint.layers().getFirst().feedForward().width();
    return attention(names(), blueprint)
        .part(GATE, "blk.{}.ffn_up", new Part.Rows(0, width, 2 * width))
        .part(UP, "blk.{}.ffn_up", new Part.Rows(width, width, 2 * width));
  }

  private static WeightNames.Builder attention(WeightNames.Builder names, Blueprint blueprint) {
    Attention attention = blueprint.layers().getFirst().attention();
    long queries = attention.queryWidth();
    long keys = attention.keyValueWidth();
    long all = queries + 2 * keys;
    String together = "blk.{}.attn_qkv";
    return names
        .slot(QUERY, "blk.{}.attn_q")
        .slot(KEY, "blk.{}.attn_k")
        .slot(VALUE, "blk.{}.attn_v")
        .orPart(QUERY, together, new Part.Rows(0, queries, all))
        .orPart(KEY, together, new Part.Rows(queries, keys, all))
        .orPart(VALUE, together, new Part.Rows(queries + keys, keys, all));
  }

  private static WeightNames.Builder names() {
    return WeightNames.under("")
        .slot("embedding.tokens", "token_embd")
        .slot("embedding.positions", "position_embd")
        .slot("embedding.types", "token_types")
        .slot("embedding.norm", "token_embd_norm")
        .slot("layer.{}.attention.norm_before", "blk.{}.attn_norm")
        .slot("layer.{}.attention.query_norm", "blk.{}.attn_q_norm")
        .slot("layer.{}.attention.key_norm", "blk.{}.attn_k_norm")
        .slot("layer.{}.attention.output", "blk.{}.attn_output")
        .slot("layer.{}.attention.norm_after", "blk.{}.post_attention_norm")
        .slot("layer.{}.feed_forward.norm_before", "blk.{}.ffn_norm")
        .slot("layer.{}.feed_forward.down", "blk.{}.ffn_down")
        .slot("layer.{}.feed_forward.norm_after", "blk.{}.post_ffw_norm")
        .slot("norm", "output_norm")
        .head("head.output", "output")
        .unused("rope_(freqs|factors_long|factors_short)\\.weight|.*attn_rot_embd|.*inv_freq");
  }
}
