package dev.diptych.model.family;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Fields of config.json that change nothing about what is computed here, by the reason. */
final class HarmlessFields {

  private static final Map<String, Set<String>> OF_ALL =
      Map.of(
          "notes about how a file came to be",
          Set.of(
              "transformers_version",
              "_name_or_path",
              "name_or_path",
              "_commit_hash",
              "architectures",
              "model_name",
              "language",
              "tokenizer_class",
              "finetuning_task",
              "unsloth_version",
              "unsloth_fixed",
              "transformers.js_config"),
          "the type of stored numbers is in the weights, the type of computation in the settings",
          Set.of("torch_dtype", "dtype", "use_bfloat16"),
          "only training has dropout, a first guess of weights and checkpoints of gradients",
          Set.of(
              "initializer_range",
              "gradient_checkpointing",
              "classifier_dropout",
              "hidden_dropout_prob",
              "attention_probs_dropout_prob",
              "attention_dropout",
              "dropout",
              "resid_pdrop",
              "embd_pdrop",
              "attn_pdrop",
              "qa_dropout",
              "seq_classif_dropout"),
          "heads for other tasks than those served",
          Set.of(
              "id2label",
              "label2id",
              "num_labels",
              "problem_type",
              "task_specific_params",
              "summary_type",
              "summary_use_proj",
              "summary_activation",
              "summary_proj_to_labels",
              "summary_first_dropout",
              "directionality",
              "pooler_fc_size",
              "pooler_num_attention_heads",
              "pooler_num_fc_layers",
              "pooler_size_per_head",
              "pooler_type"),
          "how the same numbers are computed and returned",
          Set.of(
              "use_cache",
              "output_past",
              "output_attentions",
              "output_hidden_states",
              "return_dict",
              "torchscript",
              "chunk_size_feed_forward",
              "tie_last_hidden_states",
              "attn_implementation",
              "_attn_implementation",
              "_attn_implementation_autoset",
              "reorder_and_upcast_attn",
              "pretraining_tp"),
          "special tokens, which the tokenizer and the end of a text know from elsewhere",
          Set.of("bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "prefix"),
          "relations of an encoder to a decoder, which only a pair of them has",
          Set.of("tie_encoder_decoder", "cross_attention_hidden_size", "decoder_start_token_id"),
          "how texts are generated, which a request says",
          Set.of(
              "do_sample",
              "temperature",
              "top_k",
              "top_p",
              "typical_p",
              "max_length",
              "min_length",
              "max_new_tokens",
              "num_beams",
              "num_beam_groups",
              "num_return_sequences",
              "early_stopping",
              "repetition_penalty",
              "length_penalty",
              "diversity_penalty",
              "no_repeat_ngram_size",
              "encoder_no_repeat_ngram_size",
              "bad_words_ids",
              "suppress_tokens",
              "begin_suppress_tokens",
              "forced_bos_token_id",
              "forced_eos_token_id",
              "exponential_decay_length_penalty",
              "remove_invalid_values",
              "return_dict_in_generate",
              "output_scores"),
          "left from GPT-2's first releases: the context is n_positions",
          Set.of("n_ctx", "n_special", "predict_special_tokens", "afn"),
          "DistilBERT's positions are in the weights, whoever made them",
          Set.of("sinusoidal_pos_embds"));

  /** All of them. */
  static final Set<String> NAMES =
      OF_ALL.values().stream().flatMap(Collection::stream).collect(Collectors.toUnmodifiableSet());

  private HarmlessFields() {}
}
