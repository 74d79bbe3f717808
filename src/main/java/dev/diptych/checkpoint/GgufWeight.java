package dev.diptych.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * A weight of a decoder under its two names.
 *
 * @param name Hugging Face's name
 * @param shape row-major, the same in both formats
 * @param rotaryHeadSize head size if GGUF stores the rows for interleaved rotary pairs, else 0
 */
record GgufWeight(String ggufName, String name, List<Long> shape, int rotaryHeadSize) {

  /*
   * llama.cpp's Llama rotates the pairs (2 i, 2 i + 1) of a head, Hugging Face's the pairs
   * (i, i + size / 2). The rows of q and k are therefore reordered when a GGUF file is written:
   * row 2 i + j of a head in GGUF is row j size / 2 + i of Hugging Face. Qwen2 keeps the order.
   */

  GgufWeight(String ggufName, String name, List<Long> shape) {
    this(ggufName, name, shape, 0);
  }

  /** All weights of a decoder. */
  static List<GgufWeight> of(GgufDecoder decoder) {
    long vocabulary = decoder.vocabularySize();
    long hidden = decoder.hiddenSize();
    List<GgufWeight> weights = new ArrayList<>();
    weights.add(
        new GgufWeight(
            GgufDecoder.EMBEDDINGS, "model.embed_tokens.weight", List.of(vocabulary, hidden)));
    for (int layer = 0; layer < decoder.layers(); layer++) {
      addLayer(weights, decoder, "blk." + layer + ".", "model.layers." + layer + ".");
    }
    weights.add(new GgufWeight("output_norm.weight", "model.norm.weight", List.of(hidden)));
    if (!decoder.tied()) {
      weights.add(
          new GgufWeight(GgufDecoder.OUTPUT, "lm_head.weight", List.of(vocabulary, hidden)));
    }
    return weights;
  }

  private static void addLayer(
      List<GgufWeight> weights, GgufDecoder decoder, String gguf, String name) {
    long hidden = decoder.hiddenSize();
    long inner = decoder.intermediateSize();
    long queries = (long) decoder.heads() * decoder.headSize();
    long keys = (long) decoder.keyValueHeads() * decoder.headSize();
    int rotary = decoder.interleavesRotaryRows() ? decoder.headSize() : 0;
    String from = gguf + "attn_";
    String to = name + "self_attn.";
    weights.add(
        new GgufWeight(from + "norm.weight", name + "input_layernorm.weight", List.of(hidden)));
    weights.add(
        new GgufWeight(from + "q.weight", to + "q_proj.weight", List.of(queries, hidden), rotary));
    weights.add(
        new GgufWeight(from + "k.weight", to + "k_proj.weight", List.of(keys, hidden), rotary));
    weights.add(new GgufWeight(from + "v.weight", to + "v_proj.weight", List.of(keys, hidden)));
    if (decoder.queryKeyValueBias()) {
      weights.add(new GgufWeight(from + "q.bias", to + "q_proj.bias", List.of(queries)));
      weights.add(new GgufWeight(from + "k.bias", to + "k_proj.bias", List.of(keys)));
      weights.add(new GgufWeight(from + "v.bias", to + "v_proj.bias", List.of(keys)));
    }
    weights.add(
        new GgufWeight(from + "output.weight", to + "o_proj.weight", List.of(hidden, queries)));
    weights.add(
        new GgufWeight(
            gguf + "ffn_norm.weight", name + "post_attention_layernorm.weight", List.of(hidden)));
    weights.add(
        new GgufWeight(
            gguf + "ffn_gate.weight", name + "mlp.gate_proj.weight", List.of(inner, hidden)));
    weights.add(
        new GgufWeight(
            gguf + "ffn_up.weight", name + "mlp.up_proj.weight", List.of(inner, hidden)));
    weights.add(
        new GgufWeight(
            gguf + "ffn_down.weight", name + "mlp.down_proj.weight", List.of(hidden, inner)));
  }

  long rows() {
    return shape.size() == 1 ? 1 : shape.getFirst();
  }

  int rowLength() {
    return shape.getLast().intValue();
  }

  /** Where GGUF keeps a row. */
  long rowInGguf(long row) {
    if (rotaryHeadSize == 0) {
      return row;
    }
    int half = rotaryHeadSize / 2;
    long inHead = row % rotaryHeadSize;
    return row - inHead + inHead % half * 2 + inHead / half;
  }
}
