package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * GPT-2's kind of tokenizer: byte-level BPE whose pre-tokenizer {@code tokenizer.ggml.pre} names.
 */
record ByteLevelBpe(
    Map<String, Integer> vocabulary, List<String> merges, PreTokenizer preTokenizer, String pre)
    implements GgufTokenizer.Kind {

  static ByteLevelBpe read(GgufMetadata metadata, Map<String, Integer> vocabulary)
      throws InvalidCheckpoint {
    String pre = metadata.optionalText("tokenizer.ggml.pre").orElse("default");
    PreTokenizer preTokenizer =
        PreTokenizer.of(pre)
            .orElseThrow(
                () ->
                    metadata.invalid(
                        "the pre-tokenizer %s is not supported; %s are"
                            .formatted(quote(pre), String.join(", ", PreTokenizer.names()))));
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
    return new ByteLevelBpe(vocabulary, merges, preTokenizer, pre);
  }

  @Override
  public Map<String, Object> parts() {
    Map<String, Object> parts = new LinkedHashMap<>();
    if (preTokenizer.composes(pre)) {
      parts.put("normalizer", JsonFile.object("type", "NFC"));
    }
    parts.put("pre_tokenizer", TokenizerJson.sequence("pretokenizers", preTokenizer.parts()));
    parts.put("decoder", TokenizerJson.byteLevel(true));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", preTokenizer.ignoresMerges(pre));
    model.put("vocab", vocabulary);
    model.put("merges", merges);
    parts.put("model", model);
    return parts;
  }

  @Override
  public boolean addsBeginningByDefault() {
    return preTokenizer.ignoresMerges(pre) && preTokenizer == PreTokenizer.LLAMA3;
  }
}
