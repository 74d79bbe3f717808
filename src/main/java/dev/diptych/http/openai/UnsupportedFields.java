package dev.diptych.http.openai;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Fields that would change an answer and that this service does not have. They are refused by name,
 * unless they say what happens anyway. All other fields that a request may have besides those of
 * its record change nothing and are accepted.
 */
final class UnsupportedFields {

  /** By the value, besides null, that each may have. */
  private static final Map<String, Set<String>> ACCEPTED =
      Map.ofEntries(
          field("functions", "[]"),
          field("function_call", "\"none\""),
          field("store", "false"),
          field("suffix", "\"\""),
          field("audio"),
          field("modalities", "[\"text\"]"),
          field("web_search_options"),
          field("stop_token_ids", "[]"),
          field("min_tokens", "0"),
          field("skip_special_tokens", "true"),
          field("spaces_between_special_tokens", "true"),
          field("allowed_token_ids"),
          field("bad_words", "[]"),
          field("logits_processors", "[]"),
          field("use_beam_search", "false"),
          field("length_penalty", "1", "1.0"),
          field("early_stopping", "false"),
          field("prompt_logprobs"),
          field("prompt_embeds"),
          field("truncate_prompt_tokens"),
          field("return_token_ids", "false"),
          field("return_tokens_as_token_ids", "false"),
          field("chat_template"),
          field("documents", "[]"),
          field("mm_processor_kwargs", "{}"),
          field("kv_transfer_params", "{}"),
          field("guided_grammar"),
          field("guided_decoding_backend"),
          field("structural_tag"),
          field("guided_whitespace_pattern"),
          field("echo", "false"),
          field("best_of", "1"),
          field("max_new_tokens"),
          field("stop_sequences", "[]"),
          field("top_a", "0", "0.0"),
          field("tfs_z", "1", "1.0"),
          field("grammar"),
          field("grammar_lazy", "false"),
          field("n_probs", "0"),
          field("n_predict", "-1"),
          field("repeat_penalty", "1", "1.0"),
          field("repeat_last_n"),
          field("mirostat", "0"),
          field("dynatemp_range", "0", "0.0"),
          field("dry_multiplier", "0", "0.0"),
          field("xtc_probability", "0", "0.0"),
          field("samplers"),
          field("lora", "[]"),
          field("adapter_id"),
          field("guideline"),
          field("tool_prompt"),
          field("watermark", "false"));

  private UnsupportedFields() {}

  private static Map.Entry<String, Set<String>> field(String name, String... values) {
    return Map.entry(name, Set.of(values));
  }

  /** The same for {@code /v1/responses}, where nothing is kept between requests. */
  private static final Map<String, Set<String>> ACCEPTED_OF_RESPONSES =
      Map.ofEntries(
          field("store", "false"),
          field("previous_response_id"),
          field("conversation"),
          field("background", "false"),
          field("prompt"),
          field("include", "[]", "[\"reasoning.encrypted_content\"]"),
          field("truncation", "\"disabled\""),
          field("max_tool_calls"),
          field("top_logprobs", "0"),
          field("logprobs", "false"),
          field("stop", "[]"),
          field("n", "1"),
          field("logit_bias", "{}"),
          field("presence_penalty", "0", "0.0"),
          field("frequency_penalty", "0", "0.0"),
          field("repetition_penalty", "1", "1.0"),
          field("typical_p", "1", "1.0"),
          field("response_format"),
          field("messages"),
          field("max_tokens"));

  /** Refuses a request that has one of them. */
  static void refuse(Map<String, JsonNode> others) {
    refuse(others, ACCEPTED);
  }

  /** Refuses a request to {@code /v1/responses} that has one of its own. */
  static void refuseOfResponses(Map<String, JsonNode> others) {
    refuse(others, ACCEPTED_OF_RESPONSES);
  }

  private static void refuse(Map<String, JsonNode> others, Map<String, Set<String>> unsupported) {
    others.forEach(
        (name, value) -> {
          Set<String> accepted = unsupported.get(name);
          if (accepted != null && !value.isNull() && !accepted.contains(value.toString())) {
            throw Refusal.unsupported(name, "`%s` is not supported".formatted(name));
          }
        });
  }
}
