package dev.diptych.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to a running service whose answers must be there. */
final class Conversation {

  static final JsonMapper JSON = JsonMapper.shared();

  private final HttpCaller http;

  Conversation(RunningDiptych service) {
    this.http = service.http();
  }

  /** Reference outputs under {@code golden/}. */
  static JsonNode golden(String model) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            Conversation.class.getResourceAsStream("/golden/%s.json".formatted(model)))) {
      return JSON.readTree(in);
    }
  }

  HttpResponse<String> response(String path, Object body) throws IOException, InterruptedException {
    HttpResponse<String> response = http.post(path, JSON.writeValueAsString(body));
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
    return response;
  }

  JsonNode ask(String path, Object body) throws IOException, InterruptedException {
    return JSON.readTree(response(path, body).body());
  }

  /** Continues a text; the answer has details. */
  JsonNode generate(String inputs, int maxNewTokens, Map<String, Object> more)
      throws IOException, InterruptedException {
    Map<String, Object> parameters = new LinkedHashMap<>(more);
    parameters.put("max_new_tokens", maxNewTokens);
    parameters.put("details", true);
    return ask("/generate", Map.of("inputs", inputs, "parameters", parameters));
  }

  /** Asks everything at once; the answers come in order. */
  static <T> List<T> together(List<Request<T>> requests)
      throws ExecutionException, InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      requests.forEach(request -> futures.add(threads.submit(request::answer)));
      List<T> answers = new ArrayList<>();
      for (Future<T> future : futures) {
        answers.add(future.get());
      }
      return answers;
    }
  }

  /** A question that can be asked. */
  interface Request<T> {

    T answer() throws Exception;
  }

  static double[] numbers(JsonNode list) {
    return list.valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }

  static int[] ids(JsonNode tokens) {
    return tokens.valueStream().mapToInt(token -> token.get("id").asInt()).toArray();
  }

  static double cosine(double[] a, double[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }
}
