package dev.diptych.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Clients that each send one request after another.
 *
 * @param threads makes one thread for each client
 */
public record ClosedLoop(int clients, int requestsPerClient, ThreadFactory threads) {

  /** One request; gives the tokens that were computed for it. */
  public interface Request {
    long send(int number) throws Exception;
  }

  /**
   * Sends all requests and waits for their answers.
   *
   * @param request called with numbers from 0, from several threads at once
   */
  public Map<Measure, Double> run(Request request) throws Exception {
    int count = clients * requestsPerClient;
    long[] nanos = new long[count];
    long tokens = 0;
    long start = System.nanoTime();
    try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads)) {
      List<Future<Long>> answers = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int first = client * requestsPerClient;
        answers.add(executor.submit(() -> runOne(request, first, nanos)));
      }
      for (Future<Long> answer : answers) {
        tokens += answer.get();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(nanos);
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    measures.put(Measure.REQUEST_RATE, count / seconds);
    measures.put(Measure.MEDIAN_LATENCY, nanos[count / 2] / 1e6);
    measures.put(Measure.TAIL_LATENCY, nanos[Math.min(count - 1, count * 99 / 100)] / 1e6);
    if (tokens > 0) {
      measures.put(Measure.TOKEN_RATE, tokens / seconds);
    }
    return measures;
  }

  private long runOne(Request request, int first, long[] nanos) throws Exception {
    long tokens = 0;
    for (int number = first; number < first + requestsPerClient; number++) {
      long start = System.nanoTime();
      tokens += request.send(number);
      nanos[number] = System.nanoTime() - start;
    }
    return tokens;
  }
}
