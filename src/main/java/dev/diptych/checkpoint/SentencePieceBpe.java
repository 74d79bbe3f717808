package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Llama's kind of tokenizer: SentencePiece BPE. Its scores become merges as in transformers' {@code
 * convert_slow_tokenizer.py}: every way to join two tokens to a third, best score first.
 */
record SentencePieceBpe(
    Map<String, Integer> vocabulary, List<List<String>> merges, String unknown, boolean spacePrefix)
    implements GgufTokenizer.Kind {

  private static final String SPACE = "\u2581";
  private static final int NORMAL = 1;
  private static final int USER_DEFINED = 4;
  private static final int MAX_TOKEN_LENGTH = 512;

  private record Merge(String left, String right, double score, int leftId, int rightId) {}

  static SentencePieceBpe read(GgufMetadata metadata, Map<String, Integer> vocabulary, int[] types)
      throws InvalidCheckpoint {
    double[] scores = metadata.reals("tokenizer.ggml.scores");
    if (scores.length != vocabulary.size()) {
      throw metadata.invalid(
          "%d tokens, but %d scores".formatted(vocabulary.size(), scores.length));
    }
    int unknownId = metadata.optionalIndex("tokenizer.ggml.unknown_token_id").orElse(0);
    String unknown = null;
    for (Map.Entry<String, Integer> entry : vocabulary.entrySet()) {
      if (entry.getValue() == unknownId) {
        unknown = entry.getKey();
      }
    }
    if (unknown == null) {
      throw metadata.invalid("the unknown token %d is not a token".formatted(unknownId));
    }
    return new SentencePieceBpe(
        vocabulary,
        merges(vocabulary, scores, id -> types[id] == NORMAL || types[id] == USER_DEFINED),
        unknown,
        metadata.optionalFlag("tokenizer.ggml.add_space_prefix").orElse(true));
  }

  /**
   * Every way to join two tokens to a third, best score first.
   *
   * @param scores of all tokens by id
   * @param isText which tokens may be parts of texts: runs of spaces are user-defined in Gemma
   */
  static List<List<String>> merges(
      Map<String, Integer> vocabulary, double[] scores, IntPredicate isText)
      throws InvalidCheckpoint {
    List<Merge> merges = new ArrayList<>();
    for (Map.Entry<String, Integer> entry : vocabulary.entrySet()) {
      int id = entry.getValue();
      if (isText.test(id)) {
        if (entry.getKey().length() > MAX_TOKEN_LENGTH) {
          throw new InvalidCheckpoint(
              "token %s has %d characters; at most %d are possible"
                  .formatted(quote(entry.getKey()), entry.getKey().length(), MAX_TOKEN_LENGTH));
        }
        addMerges(merges, entry.getKey(), scores[id], vocabulary, isText);
      }
    }
    merges.sort(
        Comparator.comparingDouble(Merge::score)
            .thenComparingInt(merge -> merge.left.codePointCount(0, merge.left.length()))
            .thenComparingInt(merge -> merge.right.codePointCount(0, merge.right.length()))
            .reversed());
    return merges.stream().map(merge -> List.of(merge.left, merge.right)).toList();
  }

  private static void addMerges(
      List<Merge> merges,
      String token,
      double score,
      Map<String, Integer> ids,
      IntPredicate isText) {
    List<Merge> ways = new ArrayList<>();
    for (int i = 1; i < token.length(); i++) {
      if (Character.isLowSurrogate(token.charAt(i))) {
        continue;
      }
      String left = token.substring(0, i);
      String right = token.substring(i);
      Integer leftId = ids.get(left);
      Integer rightId = ids.get(right);
      if (leftId != null && rightId != null && isText.test(leftId) && isText.test(rightId)) {
        ways.add(new Merge(left, right, score, leftId, rightId));
      }
    }
    ways.sort(Comparator.comparingInt(Merge::leftId).thenComparingInt(Merge::rightId));
    merges.addAll(ways);
  }

  @Override
  public Map<String, Object> parts() {
    List<Map<String, Object>> normalizers = new ArrayList<>();
    List<Map<String, Object>> decoders = new ArrayList<>();
    normalizers.add(
        JsonFile.object(
            "type", "Replace", "pattern", JsonFile.object("String", " "), "content", SPACE));
    decoders.add(
        JsonFile.object(
            "type", "Replace", "pattern", JsonFile.object("String", SPACE), "content", " "));
    decoders.add(JsonFile.object("type", "ByteFallback"));
    decoders.add(JsonFile.object("type", "Fuse"));
    if (spacePrefix) {
      normalizers.addFirst(JsonFile.object("type", "Prepend", "prepend", SPACE));
      decoders.add(JsonFile.object("type", "Strip", "content", " ", "start", 1, "stop", 0));
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("unk_token", unknown);
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    model.put("vocab", vocabulary);
    model.put("merges", merges);
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("normalizer", TokenizerJson.sequence("normalizers", normalizers));
    parts.put("decoder", TokenizerJson.sequence("decoders", decoders));
    parts.put("model", model);
    return parts;
  }

  @Override
  public boolean addsBeginningByDefault() {
    return true;
  }

  @Override
  public Map<String, Integer> usualIds() {
    return Map.of("bos", 1, "eos", 2);
  }
}
