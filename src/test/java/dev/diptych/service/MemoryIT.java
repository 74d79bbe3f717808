package dev.diptych.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The memory of the service over ten thousand requests. */
class MemoryIT {

  /*
   * The heap is allocated and touched at the start, so only native memory can grow. It does so
   * without any leak while the widest batches come by for the first time and the compiler works:
   * some 70 MiB in the first ten thousand requests, a few in the next ten. The bound is 6 KiB per
   * request: less than one leaked copy of the hidden states of a short text.
   */

  private static final int WARM_UP = 10_000;
  private static final int REQUESTS = 10_000;
  private static final int PARTS = 4;
  private static final int CLIENTS = 8;
  private static final int MEBIBYTE = 1 << 20;
  private static final long BOUND = 60L * MEBIBYTE;

  @Test
  void doesNotGrow() throws Exception {
    try (RunningDiptych running = RunningDiptych.start("memory").awaitReady();
        HttpClient client = HttpClient.newHttpClient()) {
      String base = "http://localhost:" + running.port();
      send(client, base, WARM_UP);
      long before = running.residentBytes();
      long start = System.nanoTime();
      for (int part = 1; part <= PARTS; part++) {
        send(client, base, REQUESTS / PARTS);
        print(running, WARM_UP + part * REQUESTS / PARTS);
      }
      long after = running.residentBytes();

      System.out.printf(
          "RSS before %d MiB, after %d MiB; %d requests took %.0f s%n",
          before / MEBIBYTE, after / MEBIBYTE, REQUESTS, (System.nanoTime() - start) / 1e9);
      assertThat(after - before).isLessThan(BOUND);
    }
  }

  private static void print(RunningDiptych running, int requests) throws IOException {
    System.out.printf(
        "RSS %d MiB after %d requests%n", running.residentBytes() / MEBIBYTE, requests);
  }

  private static void send(HttpClient client, String base, int requests)
      throws ExecutionException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < requests; n = next.getAndIncrement()) {
                    request(client, base, n);
                  }
                  return null;
                }));
      }
      for (Future<?> one : clients) {
        one.get();
      }
    }
  }

  /** Of fifty requests one generates and one leaves its stream; ten fill a mask. */
  private static void request(HttpClient client, String base, int n) throws Exception {
    switch (n % 50) {
      case 0 ->
          answered(
              client,
              base + "/generate",
              "{\"inputs\":\"Number %d is\",\"parameters\":{\"max_new_tokens\":3,\"seed\":%d}}"
                  .formatted(n, n));
      case 25 -> leaveAStream(client, base, n);
      case 5, 10, 15, 20, 30, 35, 40, 45, 48, 49 ->
          answered(
              client,
              base + "/fill-mask",
              "{\"inputs\":\"The [MASK] of %s.\"}".formatted("house ".repeat(1 + n % 7)));
      case 7 -> refused(client, base, n);
      default ->
          answered(
              client,
              base + "/embed",
              "{\"inputs\":[\"%s\"]}".formatted("A cat %d ".formatted(n).repeat(1 + n % 11)));
    }
  }

  private static void answered(HttpClient client, String address, String body) throws Exception {
    HttpResponse<String> response = client.send(post(address, body), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private static void refused(HttpClient client, String base, int n) throws Exception {
    HttpRequest request = post(base + "/embed", "{\"inputs\":[%d]}".formatted(70_000 + n));
    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(422);
  }

  private static void leaveAStream(HttpClient client, String base, int n) throws Exception {
    HttpRequest request =
        post(
            base + "/generate_stream",
            "{\"inputs\":\"Story %d:\",\"parameters\":{\"max_new_tokens\":200}}".formatted(n));
    HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      assertThat(lines.findFirst()).hasValueSatisfying(line -> assertThat(line).contains("token"));
    }
  }

  private static HttpRequest post(String address, String body) {
    return HttpRequest.newBuilder(URI.create(address))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
        .build();
  }
}
