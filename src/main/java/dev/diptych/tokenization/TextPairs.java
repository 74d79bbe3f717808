package dev.diptych.tokenization;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.Tokenizer.Encoding;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns pairs of texts into tokens that a model can take: a question and a passage, a premise and a
 * hypothesis. What is too long is cut as Hugging Face's tokenizers do it, or refused.
 */
public final class TextPairs {

  /*
   * A text that may be cut is so before it is tokenized, to a part with the same tokens at the end
   * that is kept. Then tokens of the texts are left out; the special ones stay. Where each text alone
   * would fill the model, the longer one gets the odd token: the one with more tokens, or with more
   * characters where counting tokens would take long.
   */

  /** Which of the two texts loses tokens where they are too many. */
  public enum Truncation {
    /** The longer one, then each in turn. */
    LONGEST_FIRST,
    ONLY_FIRST,
    ONLY_SECOND,
    /** None: they are refused. */
    NEITHER
  }

  /** Which end of a text is left when it is cut. */
  public enum Kept {
    BEGINNING,
    END
  }

  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final int maxCharacters;
  private final int room;
  private final @Nullable PairTemplate template;
  private final RespelledTokens.Encoder ofTexts;
  private final @Nullable PairPrompt prompt;

  /**
   * Pairs for one model.
   *
   * @param maxTokens most tokens of a pair, special tokens included
   * @param maxCharacters most code points of one text
   */
  public TextPairs(Tokenizer tokenizer, int maxTokens, int maxCharacters) {
    this(
        tokenizer,
        tokenizer.encodePair("a", "a", true).tokensOf(-1),
        PairTemplate.of(tokenizer),
        text -> tokenizer.encode(text, false),
        null,
        maxTokens,
        maxCharacters);
  }

  /**
   * Pairs within a prompt, to be had by {@link #with} alone.
   *
   * @param maxTokens most tokens of a pair, the prompt included
   * @param maxCharacters most code points of one text
   */
  public static TextPairs in(
      PairPrompt prompt, Tokenizer tokenizer, int maxTokens, int maxCharacters) {
    int[][] parts = {
      tokenizer.encode(prompt.before(), false),
      tokenizer.encode(prompt.between(), false),
      tokenizer.encode(prompt.behind(), false)
    };
    return new TextPairs(
        tokenizer,
        parts[0].length + parts[1].length + parts[2].length,
        PairTemplate.of(parts),
        asText(tokenizer),
        prompt,
        maxTokens,
        maxCharacters);
  }

  private TextPairs(
      Tokenizer tokenizer,
      int around,
      @Nullable PairTemplate template,
      RespelledTokens.Encoder ofTexts,
      @Nullable PairPrompt prompt,
      int maxTokens,
      int maxCharacters) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.ofTexts = ofTexts;
    this.prompt = prompt;
    this.maxTokens = maxTokens;
    this.maxCharacters = maxCharacters;
    this.room = maxTokens - around;
    if (room < 2) {
      throw new IllegalArgumentException(
          "%d special tokens leave no room for two texts in %d tokens"
              .formatted(around, maxTokens));
    }
  }

  /* Of a text that spells a token which is found before all else, by the words that it has. */
  private static RespelledTokens.Encoder asText(Tokenizer tokenizer) {
    Set<String> added =
        tokenizer.addedTokens().stream()
            .map(AddedToken::content)
            .filter(content -> !content.isBlank())
            .collect(Collectors.toUnmodifiableSet());
    return text ->
        added.stream().anyMatch(text::contains)
            ? tokenizer.respelled(added).encoder().encode(text)
            : tokenizer.encode(text, false);
  }

  /**
   * Pairs of one first text with any second ones, each with the tokens of {@link #encode}. The
   * first is tokenized once, where the tokenizer puts pairs together of their texts' tokens.
   *
   * @throws InvalidInput if it is too long and may not be cut
   */
  public PairsOfOne with(String first, Truncation truncation, Kept kept) {
    return new PairsOfOne(
        this, tokenizer, template, prompt == null ? first : prompt.first(first), truncation, kept);
  }

  /**
   * The tokens of a pair, with their segments, the places in their texts, and which of them are
   * special.
   *
   * @throws InvalidInput if it is too long and may not be cut, or what may be cut is too short
   */
  public Encoding encode(String first, String second, Truncation truncation, Kept kept) {
    String partOfFirst = part(first, truncation, Truncation.ONLY_FIRST, kept);
    String partOfSecond = part(second, truncation, Truncation.ONLY_SECOND, kept);
    requireRoom(
        () -> tokenizer.fewestTokens(partOfFirst),
        () -> tokenizer.fewestTokens(partOfSecond),
        truncation);
    Encoding all = tokenizer.encodePair(partOfFirst, partOfSecond, true);
    int[] lengths = {all.tokensOf(0), all.tokensOf(1)};
    shorten(lengths, () -> isLonger(first, second), truncation);
    if (kept == Kept.BEGINNING) {
      return some(all, new int[2], lengths, new int[2]);
    }
    return some(
        all,
        new int[] {all.tokensOf(0) - lengths[0], all.tokensOf(1) - lengths[1]},
        lengths,
        new int[] {first.length() - partOfFirst.length(), second.length() - partOfSecond.length()});
  }

  /** How many tokens stand around the texts of a pair. */
  public int tokensAround() {
    return maxTokens - room;
  }

  /* Of a part of a text, without special tokens around it. */
  int[] ids(String part) {
    return ofTexts.encode(part);
  }

  /* What stands for a second text. */
  String second(String text) {
    return prompt == null ? text : prompt.second(text);
  }

  /* What the tokenizer sees of a text. */
  String part(String text, Truncation truncation, Truncation only, Kept kept) {
    boolean isCut = truncation == Truncation.LONGEST_FIRST || truncation == only;
    int characters = text.codePointCount(0, text.length());
    if (!isCut) {
      if (characters > maxCharacters) {
        throw new InvalidInput(
            "each text must have at most %d characters. Given: %d"
                .formatted(maxCharacters, characters));
      }
      return text;
    }
    int outside = Math.max(0, characters - maxCharacters);
    return switch (kept) {
      case BEGINNING ->
          tokenizer.beginning(
              text.substring(0, text.offsetByCodePoints(text.length(), -outside)), room);
      case END -> tokenizer.ending(text.substring(text.offsetByCodePoints(0, outside)), room);
    };
  }

  /* What is known before texts are tokenized, of those that are not cut. */
  void requireRoom(IntSupplier ofFirst, IntSupplier ofSecond, Truncation truncation) {
    int fewest =
        switch (truncation) {
          case LONGEST_FIRST -> 0;
          case ONLY_FIRST -> ofSecond.getAsInt();
          case ONLY_SECOND -> ofFirst.getAsInt();
          case NEITHER -> ofFirst.getAsInt() + ofSecond.getAsInt();
        };
    if (fewest > room) {
      throw tooLong(truncation, "at least " + (fewest + maxTokens - room));
    }
  }

  private boolean isLonger(String first, String second) {
    return first.length() + second.length() <= TextWorkers.LONG
        ? tokenizer.encode(first, false).length > tokenizer.encode(second, false).length
        : first.length() > second.length();
  }

  /**
   * Makes two texts fit.
   *
   * @param lengths tokens of each, then how many of them are left
   * @param firstIsLonger tells of two texts that both fill the model which is longer
   */
  void shorten(int[] lengths, BooleanSupplier firstIsLonger, Truncation truncation) {
    if (lengths[0] + lengths[1] <= room) {
      return;
    }
    switch (truncation) {
      case LONGEST_FIRST -> {
        boolean first =
            Math.min(lengths[0], lengths[1]) < room
                ? lengths[0] > lengths[1]
                : firstIsLonger.getAsBoolean();
        int longer = first ? 0 : 1;
        int shorter = 1 - longer;
        lengths[shorter] = Math.min(lengths[shorter], room / 2);
        lengths[longer] = room - lengths[shorter];
      }
      case ONLY_FIRST -> lengths[0] = left(lengths[1], truncation);
      case ONLY_SECOND -> lengths[1] = left(lengths[0], truncation);
      case NEITHER ->
          throw tooLong(truncation, String.valueOf(lengths[0] + lengths[1] + maxTokens - room));
    }
  }

  private int left(int tokens, Truncation truncation) {
    if (tokens >= room) {
      throw tooLong(truncation, String.valueOf(tokens + maxTokens - room));
    }
    return room - tokens;
  }

  private InvalidInput tooLong(Truncation truncation, String given) {
    String what =
        switch (truncation) {
          case ONLY_FIRST -> "the second text must have fewer than %d tokens";
          case ONLY_SECOND -> "the first text must have fewer than %d tokens";
          case LONGEST_FIRST, NEITHER -> "the two texts must have at most %d tokens together";
        };
    return new InvalidInput(what.formatted(maxTokens) + ", special ones included. Given: " + given);
  }

  /**
   * Some tokens of each text, and the special ones.
   *
   * @param firsts the first token that is left of each text
   * @param lengths how many are left
   * @param shifts added to the places in each text
   */
  private static Encoding some(Encoding all, int[] firsts, int[] lengths, int[] shifts) {
    int[] next = new int[2];
    int[] kept =
        IntStream.range(0, all.tokens())
            .filter(
                token -> {
                  int sequence = all.sequences()[token];
                  if (sequence < 0) {
                    return true;
                  }
                  int place = next[sequence]++ - firsts[sequence];
                  return place >= 0 && place < lengths[sequence];
                })
            .toArray();
    Encoding few = all.only(kept);
    return new Encoding(
        few.ids(),
        few.typeIds(),
        moved(few.starts(), few.sequences(), shifts),
        moved(few.ends(), few.sequences(), shifts),
        few.sequences(),
        few.words());
  }

  private static int[] moved(int[] places, int[] sequences, int[] shifts) {
    int[] moved = places.clone();
    for (int i = 0; i < moved.length; i++) {
      if (sequences[i] >= 0 && moved[i] >= 0) {
        moved[i] += shifts[sequences[i]];
      }
    }
    return moved;
  }
}
