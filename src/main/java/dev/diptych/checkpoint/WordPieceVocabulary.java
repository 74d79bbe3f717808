package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** BERT's {@code vocab.txt}: one token per line, the id is the line number from 0. */
record WordPieceVocabulary(Map<String, Integer> ids) {

  /** Largest file; the largest known one has 5 MB. */
  private static final long MAX_BYTES = 16_000_000;

  /** Most tokens, each some 140 bytes of heap; the largest known file has 501 153. */
  private static final int MAX_TOKENS = 600_000;

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  /**
   * @throws InvalidCheckpoint if a token appears twice or a special token is missing
   */
  static WordPieceVocabulary read(Path file) throws IOException {
    Map<String, Integer> ids = lines(file);
    for (String token : SPECIAL) {
      if (!ids.containsKey(token)) {
        throw new InvalidCheckpoint("%s lacks the token %s".formatted(file, token));
      }
    }
    return new WordPieceVocabulary(ids);
  }

  /**
   * The tokens of such a file with their ids.
   *
   * @throws InvalidCheckpoint if a token appears twice
   */
  static Map<String, Integer> lines(Path file) throws IOException {
    long bytes = Files.size(file);
    if (bytes > MAX_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; at most %d are read".formatted(file, bytes, MAX_BYTES));
    }
    Map<String, Integer> ids = new LinkedHashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      List<String> blank = new ArrayList<>(); // tokens only if others follow
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        blank.add(line);
        if (!line.isBlank()) {
          for (String token : blank) {
            add(ids, token, file);
          }
          blank.clear();
        } else if (blank.size() > MAX_TOKENS) {
          throw tooMany(file);
        }
      }
    } catch (CharacterCodingException e) {
      throw new InvalidCheckpoint(file + " is not UTF-8", e);
    }
    return ids;
  }

  private static void add(Map<String, Integer> ids, String token, Path file)
      throws InvalidCheckpoint {
    if (ids.put(token, ids.size()) != null) {
      throw new InvalidCheckpoint("%s: token %s appears twice".formatted(file, quote(token)));
    }
    if (ids.size() > MAX_TOKENS) {
      throw tooMany(file);
    }
  }

  private static InvalidCheckpoint tooMany(Path file) {
    return new InvalidCheckpoint(
        "%s has more than %d lines; at most so many tokens are read".formatted(file, MAX_TOKENS));
  }

  int size() {
    return ids.size();
  }

  /** Whether no token but the bracketed ones has an upper-case letter. */
  boolean looksLowercase() {
    return ids.keySet().stream()
        .filter(token -> !token.startsWith("["))
        .allMatch(token -> token.codePoints().noneMatch(Character::isUpperCase));
  }

  int id(String token) {
    return ids.getOrDefault(token, 0);
  }

  /** The content of tokenizer.json. */
  Map<String, Object> tokenizer(boolean lowercase) {
    List<Map<String, Object>> added = new ArrayList<>();
    SPECIAL.stream()
        .sorted(Comparator.comparingInt(this::id))
        .forEach(token -> added.add(TokenizerJson.addedToken(id(token), token, true)));
    Map<String, Integer> specials = new LinkedHashMap<>();
    specials.put("[CLS]", id("[CLS]"));
    specials.put("[SEP]", id("[SEP]"));
    return JsonFile.object(
        "version", "1.0",
        "added_tokens", added,
        "normalizer",
            JsonFile.object(
                "type",
                "BertNormalizer",
                "clean_text",
                true,
                "handle_chinese_chars",
                true,
                "lowercase",
                lowercase),
        "pre_tokenizer", JsonFile.object("type", "BertPreTokenizer"),
        "post_processor",
            TokenizerJson.template(
                List.of("[CLS]", "A", "[SEP]"),
                List.of("[CLS]", "A", "[SEP]", "B", "[SEP]"),
                specials),
        "decoder", JsonFile.object("type", "WordPiece", "prefix", "##", "cleanup", true),
        "model",
            JsonFile.object(
                "type", "WordPiece",
                "unk_token", "[UNK]",
                "continuing_subword_prefix", "##",
                "max_input_chars_per_word", 100,
                "vocab", ids));
  }

  /** The content of tokenizer_config.json. */
  Map<String, Object> configuration(boolean lowercase, long maxPositions) {
    return JsonFile.object(
        "cls_token", "[CLS]",
        "sep_token", "[SEP]",
        "mask_token", "[MASK]",
        "pad_token", "[PAD]",
        "unk_token", "[UNK]",
        "do_lower_case", lowercase,
        "clean_up_tokenization_spaces", true,
        "model_max_length", maxPositions,
        "tokenizer_class", "BertTokenizer");
  }
}
