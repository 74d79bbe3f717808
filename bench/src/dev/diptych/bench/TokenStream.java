package dev.diptych.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of {@code /generate_stream} with the time at which each token arrived. */
public final class TokenStream implements AutoCloseable {

  private static final String EVENT = "data:";

  private final long sent = System.nanoTime();
  private final Thread reader;
  private long[] arrivals = new long[64];
  private int count;
  private int promptTokens;
  private boolean ended;
  private boolean abandoned;
  private @Nullable InputStream body;
  private @Nullable Exception failure;

  private TokenStream(HttpClient client, HttpRequest request) {
    reader = Thread.ofVirtual().unstarted(() -> read(client, request));
  }

  /** Sends the request; the answer is read in the background. */
  static TokenStream open(HttpClient client, HttpRequest request) {
    TokenStream stream = new TokenStream(client, request);
    stream.reader.start();
    return stream;
  }

  /** Waits until {@code tokens} tokens have come, or the answer is complete. */
  public synchronized void await(int tokens) throws InterruptedException, IOException {
    while (count < tokens && !ended) {
      wait();
    }
    if (failure != null) {
      throw new IOException("The answer broke off: " + failure, failure);
    }
  }

  /** Waits for the complete answer. */
  public TokenStream complete() throws InterruptedException, IOException {
    await(Integer.MAX_VALUE);
    return this;
  }

  /** Times of arrival so far, by {@link System#nanoTime()}. */
  synchronized long[] arrivals() {
    return Arrays.copyOf(arrivals, count);
  }

  /** Tokens of the prompt as the service counts them; known when the answer is complete. */
  synchronized int promptTokens() {
    return promptTokens;
  }

  double firstTokenMillis() {
    return (arrivals()[0] - sent) / 1e6;
  }

  /** Leaves, as a client does that closes the connection. */
  @Override
  public void close() {
    InputStream open;
    synchronized (this) {
      abandoned = true;
      open = body;
    }
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException _) {
      // the connection is gone, which was the aim
    }
  }

  private void read(HttpClient client, HttpRequest request) {
    String last = "";
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      keep(response.body());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        if (response.statusCode() != 200) {
          throw new IOException("status " + response.statusCode() + ": " + lines.readLine());
        }
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith(EVENT)) {
            arrived();
            last = line;
          }
        }
      }
      end(last, null);
    } catch (IOException | InterruptedException | RuntimeException e) {
      end(last, e);
    }
  }

  private synchronized void keep(InputStream open) {
    body = open;
  }

  private synchronized void arrived() {
    if (count == arrivals.length) {
      arrivals = Arrays.copyOf(arrivals, 2 * count);
    }
    arrivals[count++] = System.nanoTime();
    notifyAll();
  }

  private synchronized void end(String lastEvent, @Nullable Exception problem) {
    failure = abandoned ? null : problem;
    if (failure == null && !abandoned) {
      JsonNode event = JsonMapper.shared().readTree(lastEvent.substring(EVENT.length()));
      promptTokens = event.path("details").path("input_length").asInt(0);
      if (event.has("error")) {
        failure = new IOException(lastEvent);
      }
    }
    ended = true;
    notifyAll();
  }
}
