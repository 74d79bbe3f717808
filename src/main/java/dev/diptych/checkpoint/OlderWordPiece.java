package dev.diptych.checkpoint;

import dev.diptych.checkpoint.OlderSpecialTokens.Special;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A tokenizer of BERT's kind, of which there is a {@code vocab.txt}. */
final class OlderWordPiece {

  private static final List<Special> BERT =
      List.of(
          new Special("unk_token", "[UNK]"),
          new Special("sep_token", "[SEP]"),
          new Special("pad_token", "[PAD]"),
          new Special("cls_token", "[CLS]"),
          new Special("mask_token", "[MASK]"));

  private static final List<Special> MPNET =
      List.of(
          new Special("bos_token", "<s>"),
          new Special("eos_token", "</s>"),
          new Special("unk_token", "[UNK]"),
          new Special("sep_token", "</s>"),
          new Special("pad_token", "<pad>"),
          new Special("cls_token", "<s>"),
          new Special("mask_token", "<mask>", true));

  private OlderWordPiece() {}

  static Map<String, Object> bert(Path file, OlderTokenizerSettings settings) throws IOException {
    Map<String, Integer> vocabulary = WordPieceVocabulary.lines(file);
    OlderSpecialTokens tokens = OlderSpecialTokens.read(settings, vocabulary, BERT, Map.of());
    String first = tokens.required("cls_token");
    String last = tokens.required("sep_token");
    return parts(
        vocabulary,
        settings,
        tokens,
        TokenizerJson.template(
            List.of(first, "A", last),
            List.of(first, "A", last, "B", last),
            Map.of(first, tokens.id(first), last, tokens.id(last))));
  }

  static Map<String, Object> mpnet(Path file, OlderTokenizerSettings settings) throws IOException {
    Map<String, Integer> vocabulary = WordPieceVocabulary.lines(file);
    OlderSpecialTokens tokens = OlderSpecialTokens.read(settings, vocabulary, MPNET, Map.of());
    return parts(vocabulary, settings, tokens, OlderBytePairs.aroundEach(tokens, true, false));
  }

  private static Map<String, Object> parts(
      Map<String, Integer> vocabulary,
      OlderTokenizerSettings settings,
      OlderSpecialTokens tokens,
      Map<String, Object> postProcessor)
      throws InvalidCheckpoint {
    if (!settings.flag("do_basic_tokenize", true)) {
      throw new InvalidCheckpoint(
          "tokenizer_config.json: do_basic_tokenize is false, which is not supported");
    }
    return JsonFile.object(
        "version",
        "1.0",
        "added_tokens",
        tokens.added(),
        "normalizer",
        normalizer(settings),
        "pre_tokenizer",
        JsonFile.object("type", "BertPreTokenizer"),
        "post_processor",
        postProcessor,
        "decoder",
        JsonFile.object("type", "WordPiece", "prefix", "##", "cleanup", true),
        "model",
        JsonFile.object(
            "type",
            "WordPiece",
            "unk_token",
            tokens.required("unk_token"),
            "continuing_subword_prefix",
            "##",
            "max_input_chars_per_word",
            100,
            "vocab",
            vocabulary));
  }

  private static Map<String, Object> normalizer(OlderTokenizerSettings settings)
      throws InvalidCheckpoint {
    Map<String, Object> normalizer =
        JsonFile.object(
            "type",
            "BertNormalizer",
            "clean_text",
            true,
            "handle_chinese_chars",
            settings.flag("tokenize_chinese_chars", true),
            "lowercase",
            settings.flag("do_lower_case", true));
    Boolean strips = settings.flag("strip_accents");
    if (strips != null) {
      normalizer.put("strip_accents", strips);
    }
    return normalizer;
  }
}
