package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.EmbedInput;
import dev.diptych.encoding.EncoderInput;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Prompts;
import dev.diptych.encoding.TextEncoder;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.TruncationDirection;
import dev.diptych.tokenization.TextPairs;
import dev.diptych.tokenization.TextPairs.Kept;
import dev.diptych.tokenization.TextPairs.Truncation;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.Tokenizer.Encoding;
import java.util.List;
import java.util.function.Supplier;

/** Turns texts and pairs into the tokens that a classifier can take. */
final class ClassifierInputs {

  private final EncoderLimits limits;
  private final TextEncoder texts;
  private final TextPairs pairs;

  ClassifierInputs(HeadedEncoder encoder) {
    this.limits = encoder.limits();
    this.texts = new TextEncoder(encoder.tokenizer(), limits, Prompts.NONE);
    this.pairs = encoder.pairs();
  }

  /**
   * Encodes all of them.
   *
   * @throws InvalidInput for the first one that cannot be encoded
   */
  List<EncoderInput> encode(List<ClassifierInput> inputs, ClassifierOptions options) {
    return TextWorkers.shared()
        .each(inputs, ClassifierInput::characters, input -> attempt(input, options))
        .stream()
        .map(Supplier::get)
        .toList();
  }

  /* A failure is thrown by the one that asks for the result. */
  private Supplier<EncoderInput> attempt(ClassifierInput input, ClassifierOptions options) {
    try {
      EncoderInput encoded = encode(input, options);
      return () -> encoded;
    } catch (InvalidInput e) {
      return () -> {
        throw e;
      };
    }
  }

  private EncoderInput encode(ClassifierInput input, ClassifierOptions options) {
    if (input.characters() == 0) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs` cannot be empty");
    }
    boolean truncate = options.truncate() == null ? limits.autoTruncate() : options.truncate();
    return switch (input) {
      case ClassifierInput.Text(String value) ->
          texts.encode(
              new EmbedInput.Text(value), new TextOptions(truncate, options.direction(), null));
      case ClassifierInput.Pair(String first, String second) -> {
        Encoding pair =
            pairs.encode(
                first,
                second,
                truncate ? options.ofPairs() : Truncation.NEITHER,
                options.direction() == TruncationDirection.LEFT ? Kept.END : Kept.BEGINNING);
        yield EncoderInput.of(pair.ids(), pair.typeIds());
      }
    };
  }
}
