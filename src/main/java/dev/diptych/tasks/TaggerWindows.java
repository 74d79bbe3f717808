package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizer.Encoding;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns texts into the windows that a tagger sees. */
final class TaggerWindows {

  private final Tokenizer tokenizer;
  private final EncoderLimits limits;
  private final int windowTokens;
  private final int room;

  /**
   * @throws IllegalArgumentException if the tokenizer's special tokens leave no room for text
   */
  TaggerWindows(Tokenizer tokenizer, EncoderLimits limits) {
    this.tokenizer = tokenizer;
    this.limits = limits;
    int most = limits.maxInputTokens();
    this.windowTokens = Math.min(most, tokenizer.usualMaxTokens().orElse(most));
    this.room = windowTokens - tokenizer.specialTokensPerText();
    if (room < 1) {
      throw new IllegalArgumentException(
          "%d special tokens leave no room for text in %d tokens"
              .formatted(windowTokens - room, windowTokens));
    }
  }

  /**
   * Checks the stride of a request.
   *
   * @throws InvalidInput if windows would not go on
   */
  void check(@Nullable Integer stride) {
    if (stride != null && (stride < 0 || stride >= room)) {
      throw new InvalidInput(
          "`stride` must be from 0 to %d, as a window has %d tokens of the text. Given: %d"
              .formatted(room - 1, room, stride));
    }
  }

  /**
   * All texts.
   *
   * @param stride null to see the beginnings only
   * @throws InvalidInput for the first one that is empty or too long, or if there are too many
   *     windows
   */
  List<TaggedText> of(List<String> texts, @Nullable Integer stride) {
    List<TaggedText> encoded =
        TextWorkers.shared().each(texts, String::length, text -> attempt(text, stride)).stream()
            .map(Supplier::get)
            .toList();
    requireFew(encoded.stream().mapToLong(text -> text.windows().size()).sum(), "");
    return encoded;
  }

  private static void requireFew(long windows, String atLeast) {
    if (windows > Tagger.MAX_WINDOWS) {
      throw new InvalidInput(
          "`inputs` must have at most %d windows in all. Given: %s%d"
              .formatted(Tagger.MAX_WINDOWS, atLeast, windows));
    }
  }

  /* A failure is thrown by the one that asks for the result. */
  private Supplier<TaggedText> attempt(String text, @Nullable Integer stride) {
    try {
      if (text.isEmpty()) {
        throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs` cannot be empty");
      }
      TaggedText windows = stride == null ? beginning(text) : windows(text, stride);
      return () -> windows;
    } catch (InvalidInput e) {
      return () -> {
        throw e;
      };
    }
  }

  private TaggedText windows(String text, int stride) {
    limits.checkCharacters(text.codePointCount(0, text.length()));
    requireFew(Window.count(tokenizer.fewestTokens(text), room, stride), "at least ");
    Encoding all = tokenizer.encodeWithOffsets(text, true);
    int tokens = all.tokensOf(0);
    requireFew(Window.count(tokens, room, stride), "");
    return new TaggedText(
        text,
        Window.of(tokens, room, stride).stream()
            .map(window -> all.part(0, window.from(), window.to()))
            .toList());
  }

  private TaggedText beginning(String text) {
    int characters = text.codePointCount(0, text.length());
    if (limits.autoTruncate()) {
      int most = Math.min(characters, limits.maxCharacters());
      String part = tokenizer.beginning(text.substring(0, text.offsetByCodePoints(0, most)), room);
      return new TaggedText(
          part, List.of(tokenizer.encodeWithOffsets(part, true).part(0, 0, room)));
    }
    limits.checkCharacters(characters);
    requireRoom(tokenizer.fewestTokens(text), "at least ");
    Encoding all = tokenizer.encodeWithOffsets(text, true);
    requireRoom(all.tokensOf(0), "");
    return new TaggedText(text, List.of(all));
  }

  private void requireRoom(int tokens, String atLeast) {
    if (tokens > room) {
      throw new InvalidInput(
          "`inputs` must have at most %d tokens, or `stride` for windows of so many. Given: %s%d"
              .formatted(windowTokens, atLeast, tokens + windowTokens - room));
    }
  }
}
