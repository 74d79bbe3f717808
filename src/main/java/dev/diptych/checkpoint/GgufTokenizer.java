package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tokenizer of a GGUF file in the form of Hugging Face's {@code tokenizer.json}.
 *
 * <p>Kinds of {@code tokenizer.ggml.model}: {@code gpt2} is byte-level BPE with merges, {@code
 * llama} is SentencePiece BPE with scores and byte fallback.
 */
final class GgufTokenizer {

  private static final String PREFIX = "tokenizer.ggml.";
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  /** Tokens that end an answer in llama.cpp by their text alone, as few files say it by key. */
  private static final Set<String> ENDS =
      Set.of(
          "<|eot_id|>",
          "<|eom_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<end_of_turn>",
          "<end_of_utterance>",
          "<turn|>",
          "<\uff5cend\u2581of\u2581sentence\uff5c>");

  /** The same, where they are control tokens. */
  private static final Set<String> PLAIN_ENDS =
      Set.of("</s>", "<eos>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]");

  /** What differs between the kinds: normalizer, pre-tokenizer, model, decoder. */
  interface Kind {
    Map<String, Object> parts();

    boolean addsBeginningByDefault();

    /** Ids of special tokens where the file gives none. */
    default Map<String, Integer> usualIds() {
      return Map.of();
    }
  }

  private final GgufMetadata metadata;
  private final List<String> tokens;
  private final int[] tokenTypes;
  private final Kind kind;
  private final boolean addsBeginning;
  private final boolean addsEnd;
  private final Map<String, Integer> special = new LinkedHashMap<>();

  private GgufTokenizer(
      GgufMetadata metadata, Map<String, Integer> vocabulary, int[] tokenTypes, Kind kind)
      throws InvalidCheckpoint {
    this.metadata = metadata;
    this.tokens = List.copyOf(vocabulary.keySet());
    this.tokenTypes = tokenTypes;
    this.kind = kind;
    putSpecial("bos", "bos");
    putSpecial("eos", "eos");
    putSpecial("unk", "unknown");
    putSpecial("pad", "padding");
    this.addsBeginning =
        special.containsKey("bos")
            && metadata
                .optionalFlag(PREFIX + "add_bos_token")
                .orElse(kind.addsBeginningByDefault());
    this.addsEnd =
        special.containsKey("eos") && metadata.optionalFlag(PREFIX + "add_eos_token").orElse(false);
  }

  /**
   * @throws InvalidCheckpoint if the kind or its pre-tokenizer is not supported, or the lists do
   *     not fit together
   */
  static GgufTokenizer read(GgufMetadata metadata) throws InvalidCheckpoint {
    List<String> tokens = metadata.texts(PREFIX + "tokens");
    Map<String, Integer> vocabulary = LinkedHashMap.newLinkedHashMap(tokens.size());
    for (String token : tokens) {
      if (vocabulary.put(token, vocabulary.size()) != null) {
        throw metadata.invalid("token %s appears twice".formatted(quote(token)));
      }
    }
    int[] types = metadata.integers(PREFIX + "token_type");
    if (types.length != tokens.size()) {
      throw metadata.invalid("%d tokens, but %d types".formatted(tokens.size(), types.length));
    }
    String model = metadata.text(PREFIX + "model");
    Kind kind =
        switch (model) {
          case "gpt2" -> ByteLevelBpe.read(metadata, vocabulary);
          case "llama" -> SentencePieceBpe.read(metadata, vocabulary, types);
          default ->
              throw metadata.invalid(
                  "the tokenizer kind %s is not supported; gpt2 and llama are"
                      .formatted(quote(model)));
        };
    return new GgufTokenizer(metadata, vocabulary, types, kind);
  }

  private void putSpecial(String name, String key) throws InvalidCheckpoint {
    Optional<Integer> id = index(key + "_token_id");
    if (id.isPresent()) {
      special.put(name, id.get());
    } else if (kind.usualIds().getOrDefault(name, tokens.size()) < tokens.size()) {
      special.put(name, kind.usualIds().get(name));
    }
  }

  private Optional<Integer> index(String key) throws InvalidCheckpoint {
    Optional<Integer> id = metadata.optionalIndex(PREFIX + key);
    if (id.isPresent() && id.get() >= tokens.size()) {
      throw metadata.invalid(
          "%s is %d, but there are %d tokens".formatted(PREFIX + key, id.get(), tokens.size()));
    }
    return id;
  }

  int size() {
    return tokens.size();
  }

  /** The ids of special tokens for config.json. */
  Map<String, Object> specialIds() {
    Map<String, Object> ids = new LinkedHashMap<>();
    for (String name : List.of("bos", "eos", "pad")) {
      Integer id = special.get(name);
      if (id != null) {
        ids.put(name + "_token_id", id);
      }
    }
    return ids;
  }

  /** The content of generation_config.json: all ids that end a text, by key or by their text. */
  Map<String, Object> generationConfiguration() throws InvalidCheckpoint {
    Map<String, Object> config = specialIds();
    Set<Integer> ends = new LinkedHashSet<>();
    Integer end = special.get("eos");
    if (end != null) {
      ends.add(end);
    }
    for (String key : List.of("eot", "eom")) {
      index(key + "_token_id").ifPresent(ends::add);
    }
    for (int id = 0; id < tokenTypes.length; id++) {
      if (endsByItsText(id)) {
        ends.add(id);
      }
    }
    if (!ends.isEmpty()) {
      config.put("eos_token_id", List.copyOf(ends));
    }
    return config;
  }

  /** The content of tokenizer.json. */
  Map<String, Object> tokenizer() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", addedTokens());
    json.putAll(kind.parts());
    if (addsBeginning || addsEnd) {
      json.put("post_processor", template());
    }
    return json;
  }

  /* What looks like ordinary text, or like HTML in Gemma's, ends one only as a control token. */
  private boolean endsByItsText(int id) {
    return ENDS.contains(tokens.get(id))
        || (tokenTypes[id] == CONTROL && PLAIN_ENDS.contains(tokens.get(id)));
  }

  private List<Map<String, Object>> addedTokens() {
    List<Map<String, Object>> added = new ArrayList<>();
    for (int id = 0; id < tokenTypes.length; id++) {
      boolean isSpecial =
          tokenTypes[id] == CONTROL || tokenTypes[id] == UNKNOWN || endsByItsText(id);
      if (isSpecial || tokenTypes[id] == USER_DEFINED) {
        added.add(TokenizerJson.addedToken(id, tokens.get(id), isSpecial));
      }
    }
    return added;
  }

  private Map<String, Object> template() {
    List<String> single = new ArrayList<>();
    List<String> pair = new ArrayList<>();
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (String sequence : List.of("A", "B")) {
      if (addsBeginning) {
        pair.add(special("bos", ids));
      }
      pair.add(sequence);
      if (addsEnd) {
        pair.add(special("eos", ids));
      }
      if (single.isEmpty()) {
        single.addAll(pair);
      }
    }
    return TokenizerJson.template(single, pair, ids);
  }

  private String special(String name, Map<String, Integer> ids) {
    int id = special.getOrDefault(name, 0);
    ids.put(tokens.get(id), id);
    return tokens.get(id);
  }

  /** The content of tokenizer_config.json. */
  Map<String, Object> configuration() throws InvalidCheckpoint {
    Map<String, Object> config = new LinkedHashMap<>();
    special.forEach((name, id) -> config.put(name + "_token", tokens.get(id)));
    config.put("add_bos_token", addsBeginning);
    config.put("add_eos_token", addsEnd);
    config.put("clean_up_tokenization_spaces", false);
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    Optional<String> template = metadata.optionalText("tokenizer.chat_template");
    if (template.isPresent()) {
      config.put("chat_template", template.get());
    }
    return config;
  }
}
