package dev.diptych.encoding;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.Tokenizer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns inputs into the tokens that a model can take: prompt, limits, truncation. */
public final class TextEncoder {

  /*
   * Truncation removes text tokens and keeps the special ones that the tokenizer's template puts
   * around them. How many it puts on each side does not depend on the text, so a probe tells. Token
   * ids bring their special tokens along, so nothing is added to them and nothing is protected.
   */

  private final Tokenizer tokenizer;
  private final EncoderLimits limits;
  private final Prompts prompts;
  private final int leadingSpecialTokens;
  private final int trailingSpecialTokens;

  /**
   * @throws IllegalArgumentException if the tokenizer's special tokens leave no room for text
   */
  public TextEncoder(Tokenizer tokenizer, EncoderLimits limits, Prompts prompts) {
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.prompts = prompts;
    int[] starts = tokenizer.encodeWithOffsets("a", true).starts();
    int leading = 0;
    while (leading < starts.length && starts[leading] < 0) {
      leading++;
    }
    int trailing = 0;
    while (leading + trailing < starts.length && starts[starts.length - 1 - trailing] < 0) {
      trailing++;
    }
    leadingSpecialTokens = leading;
    trailingSpecialTokens = trailing;
    if (leading + trailing >= limits.maxInputTokens()) {
      throw new IllegalArgumentException(
          "%d special tokens leave no room for text in %d tokens"
              .formatted(leading + trailing, limits.maxInputTokens()));
    }
  }

  /**
   * Encodes all inputs.
   *
   * @throws InvalidInput for the first one that cannot be encoded
   */
  public List<EncoderInput> encode(List<EmbedInput> inputs, TextOptions options) {
    return TextWorkers.shared()
        .each(inputs, EmbedInput::characters, input -> attempt(input, options))
        .stream()
        .map(Attempt::get)
        .toList();
  }

  private interface Attempt {
    EncoderInput get();
  }

  private Attempt attempt(EmbedInput input, TextOptions options) {
    try {
      EncoderInput encoded = encode(input, options);
      return () -> encoded;
    } catch (InvalidInput e) {
      return () -> {
        throw e;
      };
    }
  }

  /** How many tokens at the beginning of each text belong to a prompt that is not pooled. */
  int unpooledTokens(TextOptions options) {
    String prompt = prompts.pooled() ? null : prompts.prompt(options.promptName());
    return prompt == null || prompt.isEmpty()
        ? 0
        : tokenizer.encode(prompt, true).length - trailingSpecialTokens;
  }

  /**
   * Encodes one input.
   *
   * @throws InvalidInput if it is empty, too long and not to be cut, or asks for an unknown prompt
   */
  public EncoderInput encode(EmbedInput input, TextOptions options) {
    if (input.characters() == 0) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs` cannot be empty");
    }
    boolean truncate = options.truncate() == null ? limits.autoTruncate() : options.truncate();
    if (!truncate) {
      limits.checkCharacters(input.characters());
    }
    String prompt = prompts.prompt(options.promptName());
    return switch (input) {
      case EmbedInput.Text(String value) -> {
        String text = prefixed(prompt, cut(value, options.direction()));
        yield encode(text, true, truncate, options.direction());
      }
      case EmbedInput.TokenIds(int[] values) -> {
        String text = prefixed(prompt, decode(cut(values, options.direction()), prompt != null));
        yield encode(text, prompt != null, truncate, options.direction());
      }
    };
  }

  private EncoderInput encode(
      String text, boolean addSpecialTokens, boolean truncate, TruncationDirection direction) {
    if (!truncate) {
      limits.checkFewest(tokenizer.fewestTokens(text));
    }
    int[] ids = tokenizer.encode(truncate ? cutToTokens(text, direction) : text, addSpecialTokens);
    if (truncate && ids.length > limits.maxInputTokens()) {
      return EncoderInput.of(
          addSpecialTokens
              ? truncated(ids, leadingSpecialTokens, trailingSpecialTokens, direction)
              : truncated(ids, 0, 0, direction));
    }
    if (ids.length > limits.maxInputTokens()) {
      throw InputChecks.tooLong(limits.maxInputTokens(), ids.length);
    }
    return EncoderInput.of(ids);
  }

  private int[] truncated(int[] ids, int leading, int trailing, TruncationDirection direction) {
    int[] kept = new int[limits.maxInputTokens()];
    int textTokens = kept.length - leading - trailing;
    int from =
        switch (direction) {
          case RIGHT -> leading;
          case LEFT -> ids.length - trailing - textTokens;
        };
    System.arraycopy(ids, 0, kept, 0, leading);
    System.arraycopy(ids, from, kept, leading, textTokens);
    System.arraycopy(ids, ids.length - trailing, kept, leading + textTokens, trailing);
    return kept;
  }

  /* No token that is kept is lost by it. */
  private String cutToTokens(String text, TruncationDirection direction) {
    return switch (direction) {
      case RIGHT -> tokenizer.beginning(text, limits.maxInputTokens());
      case LEFT -> tokenizer.ending(text, limits.maxInputTokens());
    };
  }

  private String cut(String text, TruncationDirection direction) {
    int characters = text.codePointCount(0, text.length());
    if (characters <= limits.maxCharacters()) {
      return text;
    }
    return switch (direction) {
      case RIGHT -> text.substring(0, text.offsetByCodePoints(0, limits.maxCharacters()));
      case LEFT -> text.substring(text.offsetByCodePoints(text.length(), -limits.maxCharacters()));
    };
  }

  private int[] cut(int[] ids, TruncationDirection direction) {
    if (ids.length <= limits.maxCharacters()) {
      return ids;
    }
    return switch (direction) {
      case RIGHT -> Arrays.copyOf(ids, limits.maxCharacters());
      case LEFT -> Arrays.copyOfRange(ids, ids.length - limits.maxCharacters(), ids.length);
    };
  }

  private static String prefixed(@Nullable String prompt, String text) {
    return prompt == null ? text : prompt + text;
  }

  /**
   * The text of token ids.
   *
   * @throws InvalidInput if there are none, or one is not in the vocabulary
   */
  String decode(int[] ids, boolean skipSpecialTokens) {
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.vocabularySize()) {
        throw InputChecks.unknownId(id, tokenizer.vocabularySize());
      }
    }
    return tokenizer.decode(ids, skipSpecialTokens);
  }
}
