package dev.diptych.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The workloads of {@code /generate_stream}. */
final class ServiceStreams {

  /** Longer than the long prompt takes, so that no stream ends by itself. */
  private static final int ENDLESS = 1024;

  private static final int SETTLED = 8;
  private static final int OTHERS = 5;

  private final ServiceClient client;

  ServiceStreams(ServiceClient client) {
    this.client = client;
  }

  Map<Measure, Double> chat(Workload.Chat chat) throws IOException, InterruptedException {
    long[] times = client.generate(chat.prompt(), chat.newTokens()).complete().arrivals();
    long first = times[0];
    long last = times[times.length - 1];
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    if (last > first) {
      measures.put(Measure.DECODE_RATE, (times.length - 1) / seconds(first, last));
    }
    measures.put(Measure.ANSWER_LENGTH, (double) times.length);
    return measures;
  }

  /* The decode rate counts what arrived while every stream was decoding: after the last stream's
   * first token and up to the first stream's last one. The token rate has the prompts in it. */
  Map<Measure, Double> decode(Workload.Decode decode, Texts texts)
      throws IOException, InterruptedException {
    List<String> prompts = prompts(decode.streams(), texts);
    long start = System.nanoTime();
    List<TokenStream> streams =
        prompts.stream().map(prompt -> client.generate(prompt, decode.newTokens())).toList();
    List<long[]> arrivals = new ArrayList<>();
    for (TokenStream stream : streams) {
      arrivals.add(stream.complete().arrivals());
    }
    long from = arrivals.stream().mapToLong(times -> times[0]).max().orElseThrow();
    long to = arrivals.stream().mapToLong(times -> times[times.length - 1]).min().orElseThrow();
    long end = arrivals.stream().mapToLong(times -> times[times.length - 1]).max().orElseThrow();
    long tokens = arrivals.stream().mapToLong(times -> times.length).sum();
    long together =
        arrivals.stream()
            .flatMapToLong(Arrays::stream)
            .filter(time -> time > from && time <= to)
            .count();
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    if (together > 0) {
      measures.put(Measure.DECODE_RATE, together / seconds(from, to));
    }
    measures.put(Measure.TOKEN_RATE, tokens / seconds(start, end));
    measures.put(Measure.ANSWER_LENGTH, (double) tokens / streams.size());
    return measures;
  }

  Map<Measure, Double> prefill(Workload.Prefill prefill, Texts texts)
      throws IOException, InterruptedException {
    TokenStream stream = client.generate(texts.words(prefill.tokens()), 1).complete();
    double millis = stream.firstTokenMillis();
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    measures.put(Measure.FIRST_TOKEN, millis);
    measures.put(Measure.TOKEN_RATE, stream.promptTokens() / millis * 1e3);
    return measures;
  }

  Map<Measure, Double> shortPromptUnderLoad(Workload.ShortPromptUnderLoad load, Texts texts)
      throws IOException, InterruptedException {
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    measures.put(
        Measure.FIRST_TOKEN_ALONE,
        client.generate(texts.words(load.shortTokens()), 1).complete().firstTokenMillis());
    List<TokenStream> streams = new ArrayList<>();
    try {
      prompts(load.streams(), texts)
          .forEach(prompt -> streams.add(client.generate(prompt, ENDLESS)));
      for (int i = 0; i < streams.size(); i++) {
        settle(streams, i, texts);
      }
      long from = System.nanoTime();
      TokenStream longPrompt = client.generate(texts.words(load.longTokens()), 1);
      streams.getFirst().await(streams.getFirst().arrivals().length + 2);
      TokenStream shortPrompt = client.generate(texts.words(load.shortTokens()), 1);
      measures.put(Measure.FIRST_TOKEN, shortPrompt.complete().firstTokenMillis());
      longPrompt.complete();
      measures.put(Measure.DECODE_STEP, usualGap(streams));
      measures.put(Measure.LARGEST_GAP, largestGap(streams, from));
    } finally {
      streams.forEach(TokenStream::close);
    }
    return measures;
  }

  /* An answer that ends too early, as some to random words do, makes place for another. */
  private void settle(List<TokenStream> streams, int i, Texts texts)
      throws IOException, InterruptedException {
    streams.get(i).await(2 * SETTLED);
    for (int others = 0; others < OTHERS && !hasSettled(streams.get(i)); others++) {
      streams.get(i).close();
      streams.set(i, client.generate(texts.words(Workload.PROMPT), ENDLESS));
      streams.get(i).await(2 * SETTLED);
    }
  }

  private static boolean hasSettled(TokenStream stream) {
    return stream.arrivals().length >= 2 * SETTLED;
  }

  private static List<String> prompts(int count, Texts texts) {
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(texts.words(Workload.PROMPT));
    }
    return prompts;
  }

  /* The median gap of the tokens that came just before the load, in ms. */
  private static double usualGap(List<TokenStream> streams) {
    double[] gaps =
        streams.stream()
            .mapToDouble(
                stream -> {
                  long[] times = stream.arrivals();
                  if (!hasSettled(stream)) {
                    throw new IllegalStateException(
                        "an answer ended after %d tokens".formatted(times.length));
                  }
                  return (times[2 * SETTLED - 1] - times[SETTLED - 1]) / 1e6 / SETTLED;
                })
            .sorted()
            .toArray();
    return gaps[gaps.length / 2];
  }

  /* In ms, over gaps that ended after the load began. */
  private static double largestGap(List<TokenStream> streams, long from) {
    long largest = 0;
    for (TokenStream stream : streams) {
      long[] times = stream.arrivals();
      for (int i = 1; i < times.length; i++) {
        if (times[i] > from) {
          largest = Math.max(largest, times[i] - times[i - 1]);
        }
      }
    }
    return largest / 1e6;
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }
}
