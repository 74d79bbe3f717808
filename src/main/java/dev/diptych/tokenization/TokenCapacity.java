package dev.diptych.tokenization;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What one token of a vocabulary can hold.
 *
 * @param most most characters of each class, {@link #ANY} for any number; a class is absent if its
 *     characters can vanish
 * @param spelled which bytes of UTF-8 the vocabulary has, {@code [256]}; others may vanish
 * @param ideographsOnly whether of the characters beyond ASCII only the common ideographs count,
 *     each as one
 * @param wordsApart whether no token goes on behind a space
 * @param cuttable whether text may be cut between a letter and a space
 */
@SuppressWarnings("ArrayRecordComponent")
record TokenCapacity(
    Map<CharacterClass, Integer> most,
    boolean[] spelled,
    boolean ideographsOnly,
    boolean wordsApart,
    boolean cuttable) {

  static final int ANY = Integer.MAX_VALUE;

  /** For tokenizers of which nothing is known. */
  static final TokenCapacity UNKNOWN =
      new TokenCapacity(Map.of(), new boolean[256], false, false, false);

  /** NFC makes at most so many bytes one. */
  private static final int COMPOSITION = 3;

  static TokenCapacity of(TokenizerContent definition) {
    TextSteps steps = TextSteps.of(definition);
    Set<CharacterClass> kept = EnumSet.noneOf(CharacterClass.class);
    kept.addAll(steps.kept());
    if (definition.added().stream().anyMatch(token -> token.stripsLeft() || token.stripsRight())) {
      kept.remove(CharacterClass.SPACE);
      kept.remove(CharacterClass.CONTROL);
    }
    boolean cuttable = definition.added().stream().noneMatch(AddedToken::stripsRight);
    return switch (definition.part("model").path("type").stringValue("")) {
      case "BPE", "Unigram" -> pieces(definition, steps, kept, cuttable);
      case "WordPiece" -> words(definition, steps, kept, cuttable);
      default -> UNKNOWN;
    };
  }

  /* Each character that the vocabulary spells is in some token, alone at least. */
  private static TokenCapacity pieces(
      TokenizerContent definition, TextSteps steps, Set<CharacterClass> kept, boolean cuttable) {
    JsonNode model = definition.part("model");
    if (!model.path("continuing_subword_prefix").stringValue("").isEmpty()
        || !model.path("end_of_word_suffix").stringValue("").isEmpty()) {
      return UNKNOWN;
    }
    Spelling spelling = steps.byteLevel() ? Spelling.BYTES : Spelling.SENTENCE_PIECE;
    Spelling ofAdded = steps.byteLevel() ? Spelling.PLAIN : Spelling.SENTENCE_PIECE;
    boolean fallsBack = model.path("byte_fallback").booleanValue(false);
    Map<CharacterClass, Integer> most = new EnumMap<>(CharacterClass.class);
    boolean wordsApart = true;
    for (String entry : definition.vocabulary().entries()) {
      wordsApart &= spelling.count(entry, most);
    }
    for (AddedToken token : definition.added()) {
      wordsApart &= ofAdded.count(token.content(), most);
    }
    most.keySet().retainAll(kept);
    if (steps.composes()) {
      most.computeIfPresent(CharacterClass.OTHER, (_, bytes) -> bytes * COMPOSITION);
    }
    return new TokenCapacity(
        most,
        spelling.spelled(definition.vocabulary(), fallsBack),
        false,
        wordsApart,
        wordsApart && cuttable);
  }

  /* A word can be one token however long it is: the unknown one. */
  private static TokenCapacity words(
      TokenizerContent definition, TextSteps steps, Set<CharacterClass> kept, boolean cuttable) {
    if (!steps.splitsAtSpaces()) {
      return UNKNOWN;
    }
    Map<CharacterClass, Integer> added = new EnumMap<>(CharacterClass.class);
    boolean wordsApart = true;
    for (AddedToken token : definition.added()) {
      wordsApart &= Spelling.PLAIN.count(token.content(), added);
    }
    Map<CharacterClass, Integer> most = new EnumMap<>(CharacterClass.class);
    most.put(CharacterClass.LETTER, ANY);
    most.put(CharacterClass.DIGIT, ANY);
    most.put(
        CharacterClass.PUNCTUATION,
        steps.splitsAtPunctuation()
            ? Math.max(1, added.getOrDefault(CharacterClass.PUNCTUATION, 1))
            : ANY);
    most.keySet().retainAll(kept);
    if (steps.splitsAtIdeographs()) {
      most.put(CharacterClass.OTHER, Math.max(1, added.getOrDefault(CharacterClass.OTHER, 1)));
    }
    boolean[] all = new boolean[256]; // or the unknown token stands for them
    Arrays.fill(all, true);
    return new TokenCapacity(most, all, true, wordsApart, wordsApart && cuttable);
  }

  /** Whether anything can be told of a text. */
  boolean isKnown() {
    return !most.isEmpty();
  }
}
