package dev.diptych.bench.siege;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diptych.bench.ServiceClient;
import dev.diptych.bench.Texts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/** Well-behaved clients, one of each kind, that send one small request after another. */
final class GoodClients implements AutoCloseable {

  private static final int OVERLOADED = 429;
  private static final int KEPT_ERRORS = 20;
  private static final long RETRY_MILLIS = 500;

  private final ServiceClient client;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<GoodKind, Integer> answered = new EnumMap<>(GoodKind.class);
  private final List<String> firstErrors = new ArrayList<>();
  private int refused;
  private int errors;
  private volatile boolean closed;

  private GoodClients(ServiceClient client) {
    this.client = client;
  }

  /** Begins at once. */
  static GoodClients start(URI service) {
    GoodClients clients = new GoodClients(new ServiceClient(service));
    for (GoodKind kind : GoodKind.values()) {
      clients.threads.execute(() -> clients.run(kind));
    }
    return clients;
  }

  private void run(GoodKind kind) {
    Texts texts = new Texts(kind.name().hashCode());
    while (!closed) {
      try {
        byte[] body = JsonMapper.shared().writeValueAsBytes(kind.body(texts));
        HttpResponse<byte[]> response = client.send(kind.path(), body);
        count(kind, response);
        if (response.statusCode() != 200) {
          Thread.sleep(RETRY_MILLIS);
        }
      } catch (IOException e) {
        failed(kind, e.toString());
        try {
          Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException _) {
          return;
        }
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private synchronized void count(GoodKind kind, HttpResponse<byte[]> response) {
    switch (response.statusCode()) {
      case 200 -> answered.merge(kind, 1, Integer::sum);
      case OVERLOADED -> refused++;
      default -> failed(kind, response.statusCode() + " " + new String(response.body(), UTF_8));
    }
  }

  private synchronized void failed(GoodKind kind, String error) {
    if (closed) {
      return;
    }
    errors++;
    if (firstErrors.size() < KEPT_ERRORS) {
      firstErrors.add(kind.label() + ": " + error);
    }
  }

  /** What came of it until now. */
  synchronized GoodAnswers answers() {
    return new GoodAnswers(answered, refused, errors, firstErrors);
  }

  @Override
  public void close() {
    closed = true;
    client.close();
    threads.shutdownNow();
    threads.close();
  }
}
