package dev.diptych.bench.siege;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Connections of one hostile client, none of which outlives its closing. */
final class HostileConnections implements AutoCloseable {

  /** So long an attack may last, before its client comes with another one. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int SMALL_WINDOW = 8192;

  private final InetSocketAddress address;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  HostileConnections(URI service) {
    address = new InetSocketAddress(service.getHost(), service.getPort());
  }

  /** One exchange with the service over a socket, until the deadline in nanoseconds. */
  interface Exchange {
    void with(Socket socket, long deadline) throws IOException, InterruptedException;
  }

  /** Does the same over several connections at once and waits for all; errors are the aim. */
  void together(int connections, Exchange exchange) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < connections; i++) {
        threads.execute(() -> connect(exchange, deadline));
      }
      threads.shutdown();
      if (!threads.awaitTermination(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        closeSockets();
      }
    }
  }

  private void connect(Exchange exchange, long deadline) {
    try (Socket socket = new Socket()) {
      open.add(socket);
      try {
        socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_WINDOW);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        if (!closed) {
          socket.connect(address, (int) PATIENCE.toMillis());
          exchange.with(socket, deadline);
        }
      } finally {
        open.remove(socket);
      }
    } catch (IOException _) {
      // refused, closed by the service, or by the end of the siege: the next attack comes
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends a request and reads its answer as fast as it comes. */
  static Exchange ask(String method, String path, String type, byte[] body) {
    return (socket, deadline) -> {
      send(socket, method, path, type, body, body.length);
      InputStream answer = socket.getInputStream();
      byte[] buffer = new byte[1 << 16];
      while (answer.read(buffer) >= 0 && System.nanoTime() < deadline) {
        // what it says does not matter
      }
    };
  }

  /** Sends JSON and reads the answer as fast as it comes. */
  static Exchange ask(String path, byte[] body) {
    return ask("POST", path, "application/json", body);
  }

  /** Sends JSON and reads 8 KB of the answer each second. */
  static Exchange askSlowly(String path, byte[] body) {
    return (socket, deadline) -> {
      send(socket, "POST", path, "application/json", body, body.length);
      InputStream answer = socket.getInputStream();
      byte[] buffer = new byte[SMALL_WINDOW];
      while (answer.read(buffer) >= 0 && System.nanoTime() < deadline) {
        Thread.sleep(1000);
      }
    };
  }

  /** Sends JSON and goes away at once. */
  static Exchange leave(String path, byte[] body) {
    return (socket, _) -> {
      send(socket, "POST", path, "application/json", body, body.length);
      Thread.sleep(20);
    };
  }

  /** Sends JSON, goes away, and comes back when the others have felt it. */
  static Exchange leaveAndWait(String path, byte[] body) {
    return (socket, deadline) -> {
      leave(path, body).with(socket, deadline);
      socket.close();
      Thread.sleep(2000);
    };
  }

  /**
   * Sends the beginning of a body that it announces to be longer, and a blank each five seconds.
   */
  static Exchange holdBack(String path, byte[] part, int announced) {
    return (socket, deadline) -> {
      send(socket, "POST", path, "application/json", part, announced);
      drip(socket, " ", deadline);
    };
  }

  /** Sends the beginning of a request's head and another line each five seconds. */
  static Exchange slowHead() {
    return (socket, deadline) -> {
      socket.getOutputStream().write("POST /generate HTTP/1.1\r\nHost: x\r\n".getBytes(US_ASCII));
      drip(socket, "X: y\r\n", deadline);
    };
  }

  /** Connects and says nothing. */
  static Exchange silence() {
    return (socket, deadline) -> {
      while (System.nanoTime() < deadline) {
        if (socket.getInputStream().read() < 0) {
          return;
        }
      }
    };
  }

  private static void drip(Socket socket, String drop, long deadline)
      throws IOException, InterruptedException {
    while (System.nanoTime() < deadline) {
      Thread.sleep(5000);
      socket.getOutputStream().write(drop.getBytes(US_ASCII));
    }
  }

  private static void send(
      Socket socket, String method, String path, String type, byte[] body, int announced)
      throws IOException {
    String head =
        "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, type, announced);
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
  }

  /** Ends every exchange, and those that are still to begin. */
  @Override
  public void close() {
    closed = true;
    closeSockets();
  }

  private void closeSockets() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException _) {
        // closed all the same
      }
    }
  }
}
