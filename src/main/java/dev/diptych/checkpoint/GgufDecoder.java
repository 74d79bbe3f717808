package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a GGUF file says about a decoder.
 *
 * @param architecture {@code llama} or {@code qwen2}
 * @param ropeScaling Hugging Face's {@code rope_scaling}, empty if positions are not scaled
 * @param tied whether the output layer is the transposed embeddings
 */
record GgufDecoder(
    String architecture,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int contextLength,
    double normEpsilon,
    double ropeTheta,
    Map<String, Object> ropeScaling,
    boolean tied) {

  static final String EMBEDDINGS = "token_embd.weight";
  static final String OUTPUT = "output.weight";

  private static final String LLAMA = "llama";
  private static final String QWEN2 = "qwen2";
  private static final double DEFAULT_ROPE_THETA = 10_000;
  private static final int MAX_LAYERS = 10_000;

  static GgufDecoder read(Gguf gguf) throws InvalidCheckpoint {
    GgufMetadata metadata = gguf.metadata();
    String architecture = metadata.text("general.architecture");
    if (!architecture.equals(LLAMA) && !architecture.equals(QWEN2)) {
      throw metadata.invalid(
          "the architecture %s is not supported; llama and qwen2 are"
              .formatted(quote(architecture)));
    }
    String prefix = architecture + ".";
    if (metadata.optionalIndex(prefix + "expert_count").orElse(0) > 0) {
      throw metadata.invalid("mixtures of experts are not supported");
    }
    int hidden = size(metadata, prefix + "embedding_length", Float32Rows.MAX_ROW_ELEMENTS);
    int heads = size(metadata, prefix + "attention.head_count", hidden);
    int keyValueHeads =
        metadata.has(prefix + "attention.head_count_kv")
            ? size(metadata, prefix + "attention.head_count_kv", heads)
            : heads;
    int context = metadata.count(prefix + "context_length");
    int headSize = headSize(metadata, prefix, hidden, heads);
    if (heads % keyValueHeads != 0 || headSize % 2 != 0) {
      throw metadata.invalid(
          "%d heads of size %d with %d key-value heads do not make an attention"
              .formatted(heads, headSize, keyValueHeads));
    }
    int window = metadata.optionalIndex(prefix + "attention.sliding_window").orElse(0);
    if (window > 0 && window < context) {
      throw metadata.invalid("a sliding attention window (%d) is not supported".formatted(window));
    }
    double theta = metadata.optionalPositive(prefix + "rope.freq_base").orElse(DEFAULT_ROPE_THETA);
    Gguf.Tensor embeddings = gguf.tensors().get(EMBEDDINGS);
    if (embeddings == null || embeddings.shape().getFirst() > Integer.MAX_VALUE) {
      throw metadata.invalid("tensor '%s' is missing or too large".formatted(EMBEDDINGS));
    }
    return new GgufDecoder(
        architecture,
        embeddings.shape().getFirst().intValue(),
        hidden,
        size(metadata, prefix + "feed_forward_length", Float32Rows.MAX_ROW_ELEMENTS),
        size(metadata, prefix + "block_count", MAX_LAYERS),
        heads,
        keyValueHeads,
        headSize,
        context,
        metadata.positive(prefix + "attention.layer_norm_rms_epsilon"),
        theta,
        GgufRope.scaling(gguf, prefix, headSize, theta),
        !gguf.tensors().containsKey(OUTPUT));
  }

  private static int headSize(GgufMetadata metadata, String prefix, int hidden, int heads)
      throws InvalidCheckpoint {
    String keyLength = prefix + "attention.key_length";
    if (!metadata.has(keyLength) && hidden % heads != 0) {
      throw metadata.invalid("%d heads do not divide the hidden size %d".formatted(heads, hidden));
    }
    int headSize = metadata.optionalCount(keyLength).orElse(hidden / heads);
    int valueLength = metadata.optionalCount(prefix + "attention.value_length").orElse(headSize);
    int rotary = metadata.optionalCount(prefix + "rope.dimension_count").orElse(headSize);
    if (valueLength != headSize || rotary != headSize) {
      throw metadata.invalid(
          "heads with %d key, %d value and %d rotary dimensions are not supported: they must be equal"
              .formatted(headSize, valueLength, rotary));
    }
    if ((long) heads * headSize > Float32Rows.MAX_ROW_ELEMENTS) {
      throw metadata.invalid("%d heads of size %d are too large".formatted(heads, headSize));
    }
    return headSize;
  }

  private static int size(GgufMetadata metadata, String key, int limit) throws InvalidCheckpoint {
    int size = metadata.count(key);
    if (size > limit) {
      throw metadata.invalid("%s is %d; at most %d is possible".formatted(key, size, limit));
    }
    return size;
  }

  boolean interleavesRotaryRows() {
    return architecture.equals(LLAMA);
  }

  boolean queryKeyValueBias() {
    return architecture.equals(QWEN2);
  }

  /** The content of config.json, without the ids of special tokens. */
  Map<String, Object> configuration() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put(
        "architectures",
        List.of(architecture.equals(LLAMA) ? "LlamaForCausalLM" : "Qwen2ForCausalLM"));
    config.put("model_type", architecture);
    config.put("vocab_size", vocabularySize);
    config.put("hidden_size", hiddenSize);
    config.put("intermediate_size", intermediateSize);
    config.put("num_hidden_layers", layers);
    config.put("num_attention_heads", heads);
    config.put("num_key_value_heads", keyValueHeads);
    config.put("head_dim", headSize);
    config.put("hidden_act", "silu");
    config.put("max_position_embeddings", contextLength);
    config.put("rms_norm_eps", normEpsilon);
    config.put("rope_theta", ropeTheta);
    if (!ropeScaling.isEmpty()) {
      config.put("rope_scaling", ropeScaling);
    }
    if (architecture.equals(LLAMA)) {
      config.put("attention_bias", false);
      config.put("mlp_bias", false);
    } else {
      config.put("use_sliding_window", false);
    }
    config.put("tie_word_embeddings", tied);
    config.put("torch_dtype", "float32");
    return config;
  }
}
