package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import dev.diptych.checkpoint.OlderSpecialTokens.Special;
import dev.diptych.checkpoint.SentencePieceModel.Kind;
import dev.diptych.checkpoint.SentencePieceModel.Piece;
import dev.diptych.checkpoint.SentencePieceModel.PieceType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tokenizer of which there is a model of SentencePiece. */
final class OlderSentencePiece {

  private static final String SPACE = "\u2581";
  private static final float NEVER = -100;

  private static final List<Special> XLM_ROBERTA =
      List.of(
          new Special("bos_token", "<s>"),
          new Special("eos_token", "</s>"),
          new Special("unk_token", "<unk>"),
          new Special("sep_token", "</s>"),
          new Special("pad_token", "<pad>"),
          new Special("cls_token", "<s>"),
          new Special("mask_token", "<mask>", true));

  private static final List<Special> ALBERT = bracketed("<unk>", "<pad>", true);
  private static final List<Special> DEBERTA = bracketed("[UNK]", "[PAD]", false);

  private static List<Special> bracketed(String unknown, String padding, boolean maskStripsLeft) {
    return List.of(
        new Special("bos_token", "[CLS]"),
        new Special("eos_token", "[SEP]"),
        new Special("unk_token", unknown),
        new Special("sep_token", "[SEP]"),
        new Special("pad_token", padding),
        new Special("cls_token", "[CLS]"),
        new Special("mask_token", "[MASK]", maskStripsLeft));
  }

  private OlderSentencePiece() {}

  static Map<String, Object> xlmRoberta(Path file, OlderTokenizerSettings settings)
      throws IOException {
    SentencePieceModel model = unigram(file);
    List<Piece> pieces = fairseq("<s>", "<pad>", "</s>", "<unk>");
    pieces.addAll(behind(3, model.pieces()));
    pieces.add(new Piece("<mask>", 0, PieceType.NORMAL));
    return ofUnigrams(
        settings, model, pieces, 3, XLM_ROBERTA, usualNormalizers(model), List.of(), true);
  }

  static Map<String, Object> camembert(Path file, OlderTokenizerSettings settings)
      throws IOException {
    SentencePieceModel model = unigram(file);
    List<Piece> pieces = fairseq("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>");
    pieces.add(new Piece("<unk>NOTUSED", NEVER, PieceType.NORMAL));
    pieces.addAll(behind(1, model.pieces()));
    pieces.add(new Piece("<mask>", 0, PieceType.NORMAL));
    return ofUnigrams(
        settings, model, pieces, 3, XLM_ROBERTA, usualNormalizers(model), List.of(), true);
  }

  static Map<String, Object> albert(Path file, OlderTokenizerSettings settings) throws IOException {
    SentencePieceModel model = unigram(file);
    List<Piece> pieces = new ArrayList<>();
    for (Piece piece : model.pieces()) { // digits before a comma are taken apart there
      boolean number = piece.text().matches("(?s).*\\p{Nd},");
      pieces.add(number ? new Piece(piece.text(), piece.score() + NEVER, piece.type()) : piece);
    }
    List<Map<String, Object>> normalizers = new ArrayList<>();
    normalizers.add(replace("String", "``", "\""));
    normalizers.add(replace("String", "''", "\""));
    if (!settings.flag("keep_accents", false)) {
      normalizers.add(JsonFile.object("type", "NFKD"));
      normalizers.add(JsonFile.object("type", "StripAccents"));
    }
    if (settings.flag("do_lower_case", true)) {
      normalizers.add(JsonFile.object("type", "Lowercase"));
    }
    addCharacters(normalizers, model);
    normalizers.add(replace("Regex", " {2,}", " "));
    return ofUnigrams(
        settings, model, pieces, model.unknown(), ALBERT, normalizers, List.of(), false);
  }

  static Map<String, Object> deberta(Path file, OlderTokenizerSettings settings)
      throws IOException {
    SentencePieceModel model = unigram(file);
    List<Map<String, Object>> normalizers = new ArrayList<>();
    if (settings.flag("do_lower_case", false)) {
      normalizers.add(JsonFile.object("type", "Lowercase"));
    }
    normalizers.add(JsonFile.object("type", "Strip", "strip_left", true, "strip_right", true));
    addCharacters(normalizers, model);
    normalizers.add(replace("Regex", " {2,}", " "));
    List<Map<String, Object>> preTokenizers = new ArrayList<>();
    if (settings.flag("split_by_punct", false)) {
      preTokenizers.add(JsonFile.object("type", "Punctuation", "behavior", "Isolated"));
    }
    return ofUnigrams(
        settings,
        model,
        model.pieces(),
        model.unknown(),
        DEBERTA,
        normalizers,
        preTokenizers,
        false);
  }

  private static SentencePieceModel unigram(Path file) throws IOException {
    SentencePieceModel model = SentencePieceModel.read(file);
    if (model.kind() != Kind.UNIGRAM) {
      throw new InvalidCheckpoint(
          "%s is a model of byte pairs, which this class of tokenizers does not have"
              .formatted(file));
    }
    return model;
  }

  /* Fairseq's own tokens stand before the pieces. */
  private static List<Piece> fairseq(String... tokens) {
    List<Piece> pieces = new ArrayList<>();
    for (String token : tokens) {
      pieces.add(new Piece(token, 0, PieceType.NORMAL));
    }
    return pieces;
  }

  private static List<Piece> behind(int count, List<Piece> pieces) {
    return pieces.subList(Math.min(count, pieces.size()), pieces.size());
  }

  private static Map<String, Object> replace(String kind, String pattern, String content) {
    return JsonFile.object(
        "type", "Replace", "pattern", JsonFile.object(kind, pattern), "content", content);
  }

  private static void addCharacters(
      List<Map<String, Object>> normalizers, SentencePieceModel model) {
    if (model.characters().length > 0) {
      normalizers.add(
          JsonFile.object(
              "type",
              "Precompiled",
              "precompiled_charsmap",
              Base64.getEncoder().encodeToString(model.characters())));
    }
  }

  private static List<Map<String, Object>> usualNormalizers(SentencePieceModel model) {
    List<Map<String, Object>> normalizers = new ArrayList<>();
    addCharacters(normalizers, model);
    normalizers.add(JsonFile.object("type", "Strip", "strip_left", false, "strip_right", true));
    normalizers.add(replace("Regex", " {2,}", SPACE));
    return normalizers;
  }

  private static Map<String, Object> ofUnigrams(
      OlderTokenizerSettings settings,
      SentencePieceModel model,
      List<Piece> pieces,
      int unknown,
      List<Special> specials,
      List<Map<String, Object>> normalizers,
      List<Map<String, Object>> preTokenizers,
      boolean endsTwice)
      throws InvalidCheckpoint {
    Map<String, Integer> vocabulary = LinkedHashMap.newLinkedHashMap(pieces.size());
    List<List<Object>> scored = new ArrayList<>(pieces.size());
    for (Piece piece : pieces) {
      if (vocabulary.put(piece.text(), scored.size()) != null) {
        throw new InvalidCheckpoint("the piece %s appears twice".formatted(quote(piece.text())));
      }
      scored.add(List.of(piece.text(), (double) piece.score()));
    }
    OlderSpecialTokens tokens =
        OlderSpecialTokens.read(settings, vocabulary, specials, ofPieces(model));
    boolean prefix = settings.flag("add_prefix_space", true);
    Map<String, Object> spaces =
        JsonFile.object(
            "type",
            "Metaspace",
            "replacement",
            SPACE,
            "prepend_scheme",
            prefix ? "always" : "never",
            "split",
            true);
    List<Map<String, Object>> steps = new ArrayList<>(preTokenizers);
    steps.add(spaces);
    String first = tokens.required("cls_token");
    String last = tokens.required("sep_token");
    Map<String, Integer> ids = Map.of(first, tokens.id(first), last, tokens.id(last));
    return JsonFile.object(
        "version",
        "1.0",
        "added_tokens",
        tokens.added(),
        "normalizer",
        TokenizerJson.sequence("normalizers", normalizers),
        "pre_tokenizer",
        TokenizerJson.sequence("pretokenizers", steps),
        "post_processor",
        endsTwice
            ? TokenizerJson.inOneSegment(
                List.of(first, "A", last), List.of(first, "A", last, last, "B", last), ids)
            : TokenizerJson.template(
                List.of(first, "A", last), List.of(first, "A", last, "B", last), ids),
        "decoder",
        spaces,
        "model",
        JsonFile.object(
            "type", "Unigram", "unk_id", unknown, "vocab", scored, "byte_fallback", false));
  }

  /** The pieces that are tokens before all else, and whether they are special. */
  static Map<String, Boolean> ofPieces(SentencePieceModel model) {
    Map<String, Boolean> added = new LinkedHashMap<>();
    for (Piece piece : model.pieces()) {
      if (piece.type() == PieceType.CONTROL || piece.type() == PieceType.USER_DEFINED) {
        added.put(piece.text(), piece.type() == PieceType.CONTROL);
      }
    }
    return added;
  }
}
