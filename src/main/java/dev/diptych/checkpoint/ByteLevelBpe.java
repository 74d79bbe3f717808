package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * GPT-2's kind of tokenizer: byte-level BPE whose pre-tokenizer {@code tokenizer.ggml.pre} names.
 */
record ByteLevelBpe(Map<String, Integer> vocabulary, List<String> merges, PreTokenizer preTokenizer)
    implements GgufTokenizer.Kind {

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

  private static final String WORDS =
      "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** How a text is cut before the merges; the expressions are those of the models' own files. */
  enum PreTokenizer {
    GPT2,
    DIGITS,
    LLAMA3,
    QWEN2;

    List<Map<String, Object>> parts() {
      return switch (this) {
        case GPT2 -> List.of(TokenizerJson.byteLevel(true));
        case DIGITS ->
            List.of(
                JsonFile.object("type", "Digits", "individual_digits", true),
                TokenizerJson.byteLevel(true));
        case LLAMA3 -> split(CONTRACTIONS + WORDS.formatted("{1,3}"));
        case QWEN2 -> split(CONTRACTIONS + WORDS.formatted(""));
      };
    }

    private static List<Map<String, Object>> split(String expression) {
      return List.of(
          JsonFile.object(
              "type",
              "Split",
              "pattern",
              JsonFile.object("Regex", expression),
              "behavior",
              "Isolated",
              "invert",
              false),
          TokenizerJson.byteLevel(false));
    }
  }

  static ByteLevelBpe read(GgufMetadata metadata, Map<String, Integer> vocabulary)
      throws InvalidCheckpoint {
    String pre = metadata.optionalText("tokenizer.ggml.pre").orElse("default");
    PreTokenizer preTokenizer =
        switch (pre) {
          case "default", "gpt-2", "gpt2" -> PreTokenizer.GPT2;
          case "smollm", "starcoder", "refact" -> PreTokenizer.DIGITS;
          case "llama-bpe", "llama3", "llama-v3" -> PreTokenizer.LLAMA3;
          case "qwen2" -> PreTokenizer.QWEN2;
          default ->
              throw metadata.invalid(
                  "the pre-tokenizer %s is not supported; default, gpt-2, smollm, starcoder, refact, llama-bpe and qwen2 are"
                      .formatted(quote(pre)));
        };
    List<String> merges = metadata.texts("tokenizer.ggml.merges");
    for (String merge : merges) {
      int blank = merge.indexOf(' ', 1);
      if (blank < 0
          || !vocabulary.containsKey(merge.substring(0, blank))
          || !vocabulary.containsKey(merge.substring(blank + 1))
          || !vocabulary.containsKey(merge.substring(0, blank) + merge.substring(blank + 1))) {
        throw metadata.invalid(
            "the merge %s does not join two tokens to a third".formatted(quote(merge)));
      }
    }
    return new ByteLevelBpe(vocabulary, merges, preTokenizer);
  }

  @Override
  public Map<String, Object> parts() {
    Map<String, Object> parts = new LinkedHashMap<>();
    if (preTokenizer == PreTokenizer.QWEN2) {
      parts.put("normalizer", JsonFile.object("type", "NFC"));
    }
    parts.put("pre_tokenizer", TokenizerJson.sequence("pretokenizers", preTokenizer.parts()));
    parts.put("decoder", TokenizerJson.byteLevel(true));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", preTokenizer == PreTokenizer.LLAMA3);
    model.put("vocab", vocabulary);
    model.put("merges", merges);
    parts.put("model", model);
    return parts;
  }

  @Override
  public boolean addsBeginningByDefault() {
    return preTokenizer == PreTokenizer.LLAMA3;
  }
}
