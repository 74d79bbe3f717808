package dev.diptych.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of Hugging Face's {@code tokenizer.json}. */
final class TokenizerJson {

  private TokenizerJson() {}

  static Map<String, Object> addedToken(int id, String content, boolean special) {
    Map<String, Object> token = new LinkedHashMap<>();
    token.put("id", id);
    token.put("content", content);
    token.put("single_word", false);
    token.put("lstrip", false);
    token.put("rstrip", false);
    token.put("normalized", false);
    token.put("special", special);
    return token;
  }

  static Map<String, Object> byteLevel(boolean useRegex) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("type", "ByteLevel");
    part.put("add_prefix_space", false);
    part.put("trim_offsets", true);
    part.put("use_regex", useRegex);
    return part;
  }

  /** Several normalizers, pre-tokenizers ({@code pretokenizers}) or decoders one after another. */
  static Map<String, Object> sequence(String member, List<Map<String, Object>> parts) {
    return JsonFile.object("type", "Sequence", member, parts);
  }

  /**
   * A post-processor that puts special tokens around one text or a pair of texts.
   *
   * @param single special tokens and "A" in their order
   * @param pair special tokens, "A" and "B" in their order; everything behind "A" that is not
   *     before it belongs to the second segment
   */
  static Map<String, Object> template(
      List<String> single, List<String> pair, Map<String, Integer> specialIds) {
    return template(single, pair, single.size(), specialIds);
  }

  /** The same with everything in the first segment. */
  static Map<String, Object> inOneSegment(
      List<String> single, List<String> pair, Map<String, Integer> specialIds) {
    return template(single, pair, pair.size(), specialIds);
  }

  private static Map<String, Object> template(
      List<String> single, List<String> pair, int firstSegment, Map<String, Integer> specialIds) {
    Map<String, Object> specials = new LinkedHashMap<>();
    specialIds.forEach(
        (token, id) ->
            specials.put(
                token, JsonFile.object("id", token, "ids", List.of(id), "tokens", List.of(token))));
    return JsonFile.object(
        "type",
        "TemplateProcessing",
        "single",
        templateItems(single, single.size()),
        "pair",
        templateItems(pair, firstSegment),
        "special_tokens",
        specials);
  }

  private static List<Map<String, Object>> templateItems(List<String> items, int firstSegment) {
    List<Map<String, Object>> parts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      String item = items.get(i);
      String kind = item.equals("A") || item.equals("B") ? "Sequence" : "SpecialToken";
      parts.add(Map.of(kind, JsonFile.object("id", item, "type_id", i < firstSegment ? 0 : 1)));
    }
    return parts;
  }
}
