package dev.diptych.tokenization;

import static dev.diptych.tokenization.CharacterClass.CONTROL;
import static dev.diptych.tokenization.CharacterClass.OTHER;
import static dev.diptych.tokenization.CharacterClass.SPACE;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a tokenizer's normalizers and pre-tokenizers do to the number of characters.
 *
 * @param kept classes of which no character vanishes, but for ASCII before a combining mark
 * @param composes whether several characters beyond ASCII can become one
 * @param byteLevel whether the vocabulary spells bytes
 * @param splitsAtSpaces whether spaces are dropped and nothing goes across them
 * @param splitsAtPunctuation whether each punctuation mark of ASCII stands alone
 * @param splitsAtIdeographs whether each common ideograph stands alone
 */
record TextSteps(
    Set<CharacterClass> kept,
    boolean composes,
    boolean byteLevel,
    boolean splitsAtSpaces,
    boolean splitsAtPunctuation,
    boolean splitsAtIdeographs) {

  static TextSteps of(TokenizerContent definition) {
    JsonNode normalizer = definition.part("normalizer");
    JsonNode preTokenizer = definition.part("pre_tokenizer");
    Set<CharacterClass> kept = EnumSet.allOf(CharacterClass.class);
    List<JsonNode> normalizers = steps(normalizer, "normalizers");
    List<JsonNode> preTokenizers = steps(preTokenizer, "pretokenizers");
    normalizers.forEach(step -> kept.removeAll(droppedByNormalizer(step)));
    preTokenizers.forEach(step -> kept.removeAll(droppedByPreTokenizer(step)));
    return new TextSteps(
        kept,
        normalizers.stream().anyMatch(step -> type(step).equals("NFC")),
        preTokenizers.stream().anyMatch(step -> type(step).equals("ByteLevel")),
        preTokenizers.stream().anyMatch(step -> splitsAtSpaces(type(step))),
        preTokenizers.stream().anyMatch(step -> type(step).equals("BertPreTokenizer")),
        type(normalizer).equals("BertNormalizer")
            && normalizer.path("handle_chinese_chars").booleanValue(false));
  }

  /** How the decoder reads the vocabulary. */
  static Spelling decoded(TokenizerContent definition) {
    return spelling(steps(definition.part("decoder"), "decoders"));
  }

  static Spelling spelling(List<JsonNode> decoders) {
    if (decoders.stream().anyMatch(step -> type(step).equals("ByteLevel"))) {
      return Spelling.BYTES;
    }
    return decoders.stream().anyMatch(TextSteps::readsSpaceMarks)
        ? Spelling.SENTENCE_PIECE
        : Spelling.PLAIN;
  }

  private static boolean readsSpaceMarks(JsonNode decoder) {
    return Set.of("Metaspace", "ByteFallback").contains(type(decoder))
        || (type(decoder).equals("Replace")
            && decoder.path("pattern").path("String").stringValue("").equals("\u2581"));
  }

  /** A step, or those of a sequence, sequences in sequences included. */
  static List<JsonNode> steps(JsonNode step, String member) {
    if (step.isMissingNode() || step.isNull()) {
      return List.of();
    }
    if (type(step).equals("Sequence")) {
      return step.path(member).valueStream().flatMap(part -> steps(part, member).stream()).toList();
    }
    return List.of(step);
  }

  static String type(JsonNode step) {
    return step.path("type").stringValue("");
  }

  private static boolean splitsAtSpaces(String type) {
    return Set.of("BertPreTokenizer", "Whitespace", "WhitespaceSplit").contains(type);
  }

  private static Set<CharacterClass> droppedByNormalizer(JsonNode step) {
    return switch (type(step)) {
      case "NFC", "Prepend" -> Set.of();
      case "BertNormalizer",
          "Lowercase",
          "NFD",
          "NFKC",
          "NFKD",
          "Nmt",
          "Precompiled",
          "Strip",
          "StripAccents" ->
          Set.of(SPACE, CONTROL, OTHER);
      case "Replace" -> droppedByReplacing(step);
      default -> EnumSet.allOf(CharacterClass.class);
    };
  }

  private static Set<CharacterClass> droppedByReplacing(JsonNode step) {
    String content = step.path("content").stringValue("");
    boolean space = content.equals(" ") || content.equals("\u2581");
    if (space && step.path("pattern").path("String").stringValue("").equals(" ")) {
      return Set.of();
    }
    return space && step.path("pattern").path("Regex").stringValue("").equals(" {2,}")
        ? Set.of(SPACE)
        : EnumSet.allOf(CharacterClass.class);
  }

  private static Set<CharacterClass> droppedByPreTokenizer(JsonNode step) {
    return switch (type(step)) {
      case "ByteLevel", "Digits", "Metaspace", "UnicodeScripts" -> Set.of();
      case "Split", "Punctuation" ->
          step.path("behavior").stringValue("").equals("Removed")
              ? EnumSet.allOf(CharacterClass.class)
              : Set.of();
      case "BertPreTokenizer", "Whitespace", "WhitespaceSplit" -> Set.of(SPACE, CONTROL, OTHER);
      default -> EnumSet.allOf(CharacterClass.class);
    };
  }
}
