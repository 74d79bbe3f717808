package dev.diptych.bench;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The work of a run. */
final class Workloads {

  private static final int SHORT = 12;

  private Workloads() {}

  /** Everything that docs/benchmarks.md shows. */
  static List<Workload> full() {
    return of(List.of(1, 4, 8, 16, 32), 64, List.of(512, 2000), 32, 4, 320);
  }

  /** A little of each kind, which shows that everything runs. */
  static List<Workload> quick() {
    return of(List.of(1, 4), 16, List.of(256), 8, 1, 16);
  }

  /**
   * @param streams that decode together
   * @param newTokens of each stream
   * @param prompts tokens of the prefilled prompts, the last of which is also the long one that
   *     comes while others decode
   * @param texts of a batch to embed
   * @param batches of one client in a round
   * @param requests of all clients with short texts in a round
   */
  private static List<Workload> of(
      List<Integer> streams,
      int newTokens,
      List<Integer> prompts,
      int texts,
      int batches,
      int requests) {
    Stream<Workload> decode = streams.stream().map(count -> new Workload.Decode(count, newTokens));
    int together = Math.min(8, streams.getLast());
    Stream<Workload> shaped =
        Stream.of(false, true)
            .map(schema -> new Workload.ChatCompletions(together, newTokens, schema));
    Stream<Workload> prefill = prompts.stream().map(Workload.Prefill::new);
    Stream<Workload> others =
        Stream.of(
            new Workload.ShortPromptUnderLoad(together, SHORT, prompts.getLast()),
            new Workload.Embed(
                "embed, one short text, one client",
                Measure.MEDIAN_LATENCY,
                1,
                requests,
                List.of(SHORT)),
            new Workload.Embed(
                "embed, %d texts of 128 tokens".formatted(texts),
                Measure.TOKEN_RATE,
                1,
                batches,
                Collections.nCopies(texts, 128)),
            new Workload.Embed(
                "embed, %d texts of 5 to 250 tokens".formatted(texts),
                Measure.TOKEN_RATE,
                1,
                batches,
                mixedLengths(texts)),
            new Workload.Embed(
                "embed, short texts, 16 clients",
                Measure.TOKEN_RATE,
                16,
                requests / 16,
                List.of(SHORT)),
            new Workload.FillMask(1, requests / 2, SHORT),
            new Workload.FillMask(16, requests / 16, SHORT),
            new Workload.Ping(1, requests),
            new Workload.Ping(16, requests / 4));
    Stream<Workload> chats = Chats.all(newTokens).stream();
    return Stream.of(decode, chats, shaped, prefill, others).flatMap(kind -> kind).toList();
  }

  /* Evenly from 5 to 250, in an order that is neither ascending nor descending. */
  private static List<Integer> mixedLengths(int texts) {
    return IntStream.range(0, texts)
        .mapToObj(i -> 5 + (i * 13 % texts) * 245 / (texts - 1))
        .toList();
  }
}
