package dev.diptych.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests to the service over connections that stay open. */
public final class ServiceClient implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI base;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** A client of the service at this address. */
  public ServiceClient(URI base) {
    this.base = base;
  }

  /** The status of a GET. */
  int status(String path) throws IOException, InterruptedException {
    return client.send(get(path), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** The JSON that a GET answers, whatever its status. */
  public JsonNode read(String path) throws IOException, InterruptedException {
    return JSON.readTree(client.send(get(path), HttpResponse.BodyHandlers.ofString()).body());
  }

  /** Sends a body and reads the whole answer, which must be 200. */
  public HttpResponse<byte[]> post(String path, Object body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(path, JSON.writeValueAsBytes(body));
    if (response.statusCode() != 200) {
      throw new IOException(
          "%s answered %d: %s"
              .formatted(path, response.statusCode(), new String(response.body(), UTF_8)));
    }
    return response;
  }

  /** Sends bytes and reads the whole answer, whatever its status. */
  public HttpResponse<byte[]> send(String path, byte[] body)
      throws IOException, InterruptedException {
    return client.send(request(path, body), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Streams the answer of {@code newTokens} tokens to a prompt, which is greedy. */
  public TokenStream generate(String prompt, int newTokens) {
    Map<String, Object> parameters = Map.of("max_new_tokens", newTokens, "details", true);
    return TokenStream.open(
        client,
        request(
            "/generate_stream",
            JSON.writeValueAsBytes(Map.of("inputs", prompt, "parameters", parameters))));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(10)).build();
  }

  private HttpRequest request(String path, byte[] body) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(Duration.ofMinutes(5))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }
}
