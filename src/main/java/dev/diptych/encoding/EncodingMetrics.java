package dev.diptych.encoding;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What a request cost.
 *
 * @param characters code points of all texts together
 * @param tokens tokens computed, special tokens included
 * @param total from the start of the request to its result
 * @param tokenization mean per input
 * @param queue mean per input
 * @param inference mean per input
 */
public record EncodingMetrics(
    int characters,
    int tokens,
    Duration total,
    Duration tokenization,
    Duration queue,
    Duration inference) {

  /**
   * What a request has cost until now.
   *
   * @param start {@link System#nanoTime} when it began
   * @param tokenized when its inputs were tokenized
   * @param inputs at least one
   */
  static EncodingMetrics of(
      long start,
      long tokenized,
      int characters,
      List<EncoderInput> inputs,
      List<EncoderOutput> outputs) {
    return new EncodingMetrics(
        characters,
        inputs.stream().mapToInt(EncoderInput::tokens).sum(),
        Duration.ofNanos(System.nanoTime() - start),
        Duration.ofNanos(tokenized - start).dividedBy(inputs.size()),
        mean(outputs, EncoderOutput::queueTime),
        mean(outputs, EncoderOutput::inferenceTime));
  }

  private static Duration mean(
      List<EncoderOutput> outputs, Function<EncoderOutput, Duration> duration) {
    return outputs.stream()
        .map(duration)
        .reduce(Duration.ZERO, Duration::plus)
        .dividedBy(outputs.size());
  }
}
