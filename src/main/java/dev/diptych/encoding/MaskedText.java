package dev.diptych.encoding;

import dev.diptych.tokenization.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A text with masks, in tokens.
 *
 * <p>The arrays are not copied.
 *
 * @param ids token ids, special tokens included, {@code [tokens]}
 * @param masks where among them the masks are
 */
@SuppressWarnings("ArrayRecordComponent")
record MaskedText(int[] ids, int[] masks) {

  /** The most characters that it can have when a mask is filled, but for what fills it. */
  long characters(Tokenizer tokenizer) {
    return Arrays.stream(ids)
        .mapToLong(id -> Objects.requireNonNullElse(tokenizer.token(id), "").length() + 1L)
        .sum();
  }

  /**
   * Inputs of an engine that together ask for the logits at every mask.
   *
   * @param maxRows masks of one input
   * @param reduce what is kept of a row of logits
   * @param results is given what is kept of each mask, {@code [masks]}
   */
  <R> List<EncoderInput> inputs(int maxRows, Function<float[], R> reduce, R[] results) {
    return inputs(maxRows, (mask, logits) -> results[mask] = reduce.apply(logits));
  }

  /**
   * Inputs of an engine that together ask for the logits at every mask.
   *
   * @param maxRows masks of one input
   * @param reader is given the logits of each mask, by its number
   */
  List<EncoderInput> inputs(int maxRows, LogitsReader reader) {
    return IntStream.iterate(0, first -> first < masks.length, first -> first + maxRows)
        .mapToObj(
            first ->
                EncoderInput.masked(
                    ids,
                    Arrays.copyOfRange(masks, first, Math.min(masks.length, first + maxRows)),
                    (row, logits) -> reader.read(first + row, logits)))
        .toList();
  }

  /** The text with one mask filled; special tokens and other masks stay if there are several. */
  String filled(int mask, int token, Tokenizer tokenizer) {
    int[] filled = ids.clone();
    filled[masks[mask]] = token;
    int padding = tokenizer.paddingId().orElse(-1);
    int[] kept = Arrays.stream(filled).filter(id -> id != padding).toArray();
    return tokenizer.decode(kept, masks.length == 1);
  }
}
