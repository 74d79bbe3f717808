package dev.diptych.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Sends requests to a service on this machine. */
public final class HttpCaller {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  public HttpCaller(String base) {
    this.base = base;
  }

  public HttpCaller(int port) {
    this("http://localhost:" + port);
  }

  /** Gets a page. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(base + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Posts JSON. */
  public HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    return send(path, json.getBytes(StandardCharsets.UTF_8), "content-type", "application/json");
  }

  /** Posts bytes with the given headers, names and values in turn. */
  public HttpResponse<String> send(String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
