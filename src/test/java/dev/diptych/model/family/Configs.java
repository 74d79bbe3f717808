package dev.diptych.model.family;

import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A config.json for each model_type with every field of Hugging Face's configuration class
 * (transformers 5.24, and what 4.x had besides) and its default, but small sizes.
 */
final class Configs {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** The fields that every class has. */
  static final String OF_ALL =
      """
      {"transformers_version": "5.24.0", "architectures": ["Model"], "output_hidden_states": false,
       "return_dict": true, "dtype": "float32", "torch_dtype": "float32",
       "chunk_size_feed_forward": 0, "is_encoder_decoder": false, "id2label": {"0": "LABEL_0"},
       "label2id": {"LABEL_0": 0}, "problem_type": null, "_name_or_path": "a/b",
       "tie_last_hidden_states": null, "per_layer_config": null, "output_attentions": false,
       "torchscript": false, "use_bfloat16": false, "pruned_heads": {}, "cross_attention_hidden_size": null,
       "add_cross_attention": false, "tie_encoder_decoder": false, "max_length": 20, "min_length": 0,
       "do_sample": false, "early_stopping": false, "num_beams": 1, "num_beam_groups": 1,
       "diversity_penalty": 0.0, "temperature": 1.0, "top_k": 50, "top_p": 1.0, "typical_p": 1.0,
       "repetition_penalty": 1.0, "length_penalty": 1.0, "no_repeat_ngram_size": 0,
       "encoder_no_repeat_ngram_size": 0, "bad_words_ids": null, "num_return_sequences": 1,
       "output_scores": false, "return_dict_in_generate": false, "forced_bos_token_id": null,
       "forced_eos_token_id": null, "remove_invalid_values": false, "suppress_tokens": null,
       "exponential_decay_length_penalty": null, "begin_suppress_tokens": null, "finetuning_task": null,
       "tokenizer_class": null, "prefix": null, "bos_token_id": 0, "pad_token_id": 1,
       "eos_token_id": [2], "sep_token_id": null, "decoder_start_token_id": null,
       "task_specific_params": {"a": {"b": 1}}, "gradient_checkpointing": false}
      """;

  private static final String GPT2 =
      """
      {"model_type": "gpt2", "vocab_size": 384, "n_positions": 512, "n_ctx": 512, "n_embd": 64,
       "n_layer": 2, "n_head": 4, "n_inner": null, "activation_function": "gelu_new",
       "resid_pdrop": 0.1, "embd_pdrop": 0.1, "attn_pdrop": 0.1, "layer_norm_epsilon": 1e-5,
       "initializer_range": 0.02, "summary_type": "cls_index", "summary_use_proj": true,
       "summary_activation": null, "summary_proj_to_labels": true, "summary_first_dropout": 0.1,
       "scale_attn_weights": true, "use_cache": true, "scale_attn_by_inverse_layer_idx": false,
       "reorder_and_upcast_attn": false, "add_cross_attention": false, "tie_word_embeddings": true}
      """;

  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 384, "hidden_size": 64, "intermediate_size": 96,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
       "hidden_act": "silu", "max_position_embeddings": 512, "initializer_range": 0.02,
       "rms_norm_eps": 1e-6, "use_cache": true, "pretraining_tp": 1, "tie_word_embeddings": false,
       "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"}, "attention_bias": false,
       "attention_dropout": 0.0, "mlp_bias": false, "head_dim": 16}
      """;

  private static final String QWEN2 =
      """
      {"model_type": "qwen2", "vocab_size": 384, "hidden_size": 64, "intermediate_size": 96,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
       "hidden_act": "silu", "max_position_embeddings": 512, "initializer_range": 0.02,
       "rms_norm_eps": 1e-6, "use_cache": true, "tie_word_embeddings": false,
       "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
       "use_sliding_window": false, "sliding_window": 64, "max_window_layers": 28,
       "layer_types": ["full_attention", "full_attention"], "attention_dropout": 0.0}
      """;

  private static final String BERT =
      """
      {"model_type": "bert", "vocab_size": 256, "hidden_size": 64, "num_hidden_layers": 2,
       "num_attention_heads": 4, "intermediate_size": 96, "hidden_act": "gelu",
       "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
       "max_position_embeddings": 514, "type_vocab_size": 2, "initializer_range": 0.02,
       "layer_norm_eps": 1e-12, "use_cache": true, "classifier_dropout": null, "is_decoder": false,
       "add_cross_attention": false, "tie_word_embeddings": true,
       "position_embedding_type": "absolute"}
      """;

  private static final String DISTILBERT =
      """
      {"model_type": "distilbert", "vocab_size": 255, "max_position_embeddings": 514,
       "sinusoidal_pos_embds": false, "n_layers": 2, "n_heads": 4, "dim": 64, "hidden_dim": 96,
       "dropout": 0.1, "attention_dropout": 0.1, "activation": "gelu", "initializer_range": 0.02,
       "qa_dropout": 0.1, "seq_classif_dropout": 0.2, "tie_word_embeddings": true}
      """;

  private static final Map<String, String> BY_TYPE =
      Map.of(
          "gpt2", GPT2,
          "llama", LLAMA,
          "qwen2", QWEN2,
          "bert", BERT,
          "roberta", BERT,
          "xlm-roberta", BERT,
          "camembert", BERT,
          "distilbert", DISTILBERT);

  private Configs() {}

  /** With all fields that the class of a model_type has. */
  static ObjectNode complete(String type) {
    ObjectNode config = (ObjectNode) MAPPER.readTree(OF_ALL);
    config.setAll((ObjectNode) MAPPER.readTree(Objects.requireNonNull(BY_TYPE.get(type))));
    return config.put("model_type", type);
  }

  /** The same with a field that is set, or left out if the value is empty. */
  static ObjectNode with(String type, String field, String json) {
    ObjectNode config = complete(type);
    config.remove(field);
    return json.isEmpty() ? config : config.set(field, MAPPER.readTree(json));
  }

  static Blueprint read(Path folder, ObjectNode config) throws IOException {
    write(folder, config.toString());
    return BlueprintReader.read(folder);
  }

  static Path write(Path folder, String config) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    return folder;
  }
}
