package dev.diptych.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A server that behaves like the Hub, and the server for large files that it redirects to, on two
 * ports of this machine.
 */
final class LocalHub implements AutoCloseable {

  static final String REPOSITORY = "acme/tiny";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** One request as it came in. */
  record Seen(
      String path,
      @Nullable String authorization,
      @Nullable String range,
      @Nullable String ifRange) {}

  /** How one request for a large file is answered instead of the usual way. */
  interface Answer {
    void send(HttpExchange exchange, byte[] content) throws IOException;
  }

  final Map<String, byte[]> files = new LinkedHashMap<>();
  final Map<String, String> announced = new LinkedHashMap<>();
  final List<Seen> atHub = new CopyOnWriteArrayList<>();
  final List<Seen> atStorage = new CopyOnWriteArrayList<>();
  final Deque<Integer> listingStatuses = new ArrayDeque<>();
  final Deque<Answer> storageAnswers = new ArrayDeque<>();
  volatile String etag = "\"one\"";
  private final HttpServer hub;
  private final HttpServer storage;

  LocalHub() throws IOException {
    hub = start("127.0.0.1");
    storage = start("127.0.0.1");
    hub.createContext("/", this::answerAtHub);
    storage.createContext("/", this::answerAtStorage);
  }

  private static HttpServer start(String host) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  /** Where the large files are. */
  URI storage() {
    return URI.create("http://127.0.0.1:" + storage.getAddress().getPort());
  }

  /** A repository with a model whose weights have this many bytes. */
  LocalHub withModel(int weights) {
    byte[] content = new byte[weights];
    for (int i = 0; i < weights; i++) {
      content[i] = (byte) (i * 31 + i / 997);
    }
    files.put("config.json", text("{\"model_type\": \"bert\"}"));
    files.put("tokenizer.json", text("{}"));
    files.put("1_Pooling/config.json", text("{}"));
    files.put("pytorch_model.bin", text("pickle"));
    files.put("README.md", text("read me"));
    files.put("model.safetensors", content);
    return this;
  }

  static byte[] text(String content) {
    return content.getBytes(StandardCharsets.UTF_8);
  }

  private void answerAtHub(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      atHub.add(seen(exchange));
      if (path.startsWith("/api/models/" + REPOSITORY + "/revision/")) {
        list(exchange);
        return;
      }
      String prefix = "/" + REPOSITORY + "/resolve/" + COMMIT + "/";
      String name = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
      byte[] content = files.get(name);
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      if (name.endsWith(".safetensors")) {
        exchange.getResponseHeaders().set("X-Linked-Etag", '"' + sha256(name) + '"');
        exchange
            .getResponseHeaders()
            .set(
                "Location",
                "http://localhost:"
                    + storage.getAddress().getPort()
                    + "/"
                    + name.replace(" ", "%20"));
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      exchange.getResponseHeaders().set("ETag", '"' + name + '"');
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    Integer status = listingStatuses.poll();
    if (status != null) {
      exchange.getResponseHeaders().set("Retry-After", "0");
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    StringBuilder siblings = new StringBuilder();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      siblings.append(siblings.isEmpty() ? "" : ",");
      siblings.append(
          "{\"rfilename\": \"%s\", \"security\": {\"size\": 1}, \"size\": %d"
              .formatted(file.getKey(), file.getValue().length));
      if (file.getKey().endsWith(".safetensors")) {
        siblings.append(
            ", \"lfs\": {\"sha256\": \"%s\", \"size\": %d}"
                .formatted(sha256(file.getKey()), file.getValue().length));
      } else {
        siblings.append(", \"blobId\": \"%s\"".formatted(blob(file.getValue())));
      }
      siblings.append("}");
    }
    byte[] body = text("{\"sha\": \"%s\", \"siblings\": [%s]}".formatted(COMMIT, siblings));
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private void answerAtStorage(HttpExchange exchange) throws IOException {
    try (exchange) {
      atStorage.add(seen(exchange));
      byte[] content =
          Objects.requireNonNull(files.get(exchange.getRequestURI().getPath().substring(1)));
      Answer special = storageAnswers.poll();
      if (special != null) {
        special.send(exchange, content);
        return;
      }
      send(exchange, content, content.length);
    }
  }

  /** Sends a file from where the range asks, and closes the connection after some of its bytes. */
  void send(HttpExchange exchange, byte[] content, int until) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    exchange.getResponseHeaders().set("ETag", etag);
    int from = 0;
    if (range != null && (condition == null || condition.equals(etag))) {
      from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    OutputStream out = exchange.getResponseBody();
    out.write(content, from, Math.max(0, until - from));
    out.flush();
  }

  private String sha256(String name) {
    String other = announced.get(name);
    return other != null
        ? other
        : HexFormat.of().formatHex(Checksum.digest("SHA-256").digest(files.get(name)));
  }

  private static String blob(byte[] content) {
    var digest = Checksum.digest("SHA-1");
    digest.update(text("blob " + content.length + "\0"));
    return HexFormat.of().formatHex(digest.digest(content));
  }

  private static Seen seen(HttpExchange exchange) {
    var headers = exchange.getRequestHeaders();
    return new Seen(
        exchange.getRequestURI().getPath(),
        headers.getFirst("Authorization"),
        headers.getFirst("Range"),
        headers.getFirst("If-Range"));
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
  }
}
