package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import dev.diptych.checkpoint.OlderSpecialTokens.Special;
import dev.diptych.checkpoint.SentencePieceModel.Kind;
import dev.diptych.checkpoint.SentencePieceModel.Piece;
import dev.diptych.checkpoint.SentencePieceModel.PieceType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tokenizer of Llama's or Gemma's kind: a model of SentencePiece that merges pairs. */
final class OlderSentencePieceBpe {

  private static final String SPACE = "\u2581";
  private static final String TAB = "<0x09>";

  /** Pieces of Gemma that are special without being marked so. */
  private static final Set<String> TURNS = Set.of("<start_of_turn>", "<end_of_turn>");

  private static final List<Special> LLAMA =
      List.of(
          new Special("bos_token", "<s>"),
          new Special("eos_token", "</s>"),
          new Special("unk_token", "<unk>"),
          new Special("pad_token", null));

  private static final List<Special> GEMMA =
      List.of(
          new Special("bos_token", "<bos>"),
          new Special("eos_token", "<eos>"),
          new Special("unk_token", "<unk>"),
          new Special("pad_token", "<pad>"));

  private OlderSentencePieceBpe() {}

  static Map<String, Object> llama(Path file, OlderTokenizerSettings settings) throws IOException {
    boolean prefix = settings.flag("add_prefix_space", true);
    Map<String, Object> json = tokenizer(file, settings, LLAMA, Set.of(), prefix);
    if (!settings.flag("legacy", true)) {
      json.remove("normalizer");
      json.put(
          "pre_tokenizer",
          JsonFile.object(
              "type",
              "Metaspace",
              "replacement",
              SPACE,
              "prepend_scheme",
              prefix ? "first" : "never",
              "split",
              false));
    }
    return json;
  }

  static Map<String, Object> gemma(Path file, OlderTokenizerSettings settings) throws IOException {
    return tokenizer(file, settings, GEMMA, TURNS, false);
  }

  private static Map<String, Object> tokenizer(
      Path file,
      OlderTokenizerSettings settings,
      List<Special> specials,
      Set<String> specialPieces,
      boolean prefix)
      throws IOException {
    SentencePieceModel model = SentencePieceModel.read(file);
    if (model.kind() != Kind.BPE) {
      throw new InvalidCheckpoint(
          "%s is a model of unigrams, which this class of tokenizers does not have"
              .formatted(file));
    }
    List<Piece> pieces = model.pieces();
    Map<String, Integer> vocabulary = vocabulary(pieces, specials.equals(GEMMA));
    double[] scores = pieces.stream().mapToDouble(Piece::score).toArray();
    Map<String, Object> json = new LinkedHashMap<>();
    Map<String, Boolean> added = OlderSentencePiece.ofPieces(model);
    specialPieces.forEach(piece -> added.computeIfPresent(piece, (_, _) -> true));
    OlderSpecialTokens tokens = OlderSpecialTokens.read(settings, vocabulary, specials, added);
    json.put("version", "1.0");
    json.put("added_tokens", tokens.added());
    json.putAll(
        new SentencePieceBpe(
                vocabulary,
                SentencePieceBpe.merges(vocabulary, scores, id -> isText(pieces.get(id))),
                pieces.get(model.unknown()).text(),
                prefix)
            .parts());
    if (settings.flag("add_bos_token", true)) {
      String first = tokens.required("bos_token");
      json.put(
          "post_processor",
          TokenizerJson.template(
              List.of(first, "A"),
              List.of(first, "A", first, "B"),
              Map.of(first, tokens.id(first))));
    }
    return json;
  }

  private static boolean isText(Piece piece) {
    return piece.type() == PieceType.NORMAL || piece.type() == PieceType.USER_DEFINED;
  }

  /* Gemma's first models have no piece for a tab, and its byte stands for it. */
  private static Map<String, Integer> vocabulary(List<Piece> pieces, boolean needsTab)
      throws InvalidCheckpoint {
    boolean hasTab = pieces.stream().anyMatch(piece -> piece.text().equals("\t"));
    Map<String, Integer> vocabulary = LinkedHashMap.newLinkedHashMap(pieces.size());
    for (Piece piece : pieces) {
      String text = needsTab && !hasTab && piece.text().equals(TAB) ? "\t" : piece.text();
      if (vocabulary.put(text, vocabulary.size()) != null) {
        throw new InvalidCheckpoint("the piece %s appears twice".formatted(quote(text)));
      }
    }
    return vocabulary;
  }
}
