package dev.diptych.http.connection;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends what it likes, when it likes. */
final class RawClient implements AutoCloseable {

  private final Socket socket;

  RawClient(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
  }

  Socket socket() {
    return socket;
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Sends a request without a body. */
  RawClient get(String path) throws IOException {
    return send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(path));
  }

  /** Sends the head of a request whose body has so many bytes. */
  RawClient head(String path, int length, String... headers) throws IOException {
    String further = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return send(
        "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/octet-stream\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(path, further, length));
  }

  /** All that comes until the server closes. */
  String rest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What comes up to and with a text. */
  String upTo(String end) throws IOException {
    StringBuilder answer = new StringBuilder();
    InputStream input = socket.getInputStream();
    while (answer.indexOf(end) < 0) {
      int next = input.read();
      if (next < 0) {
        return answer + " [closed]";
      }
      answer.append((char) next);
    }
    return answer.toString();
  }

  /** Whether the server has closed the connection within a time in which it sends nothing. */
  boolean isClosedWithin(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } finally {
      socket.setSoTimeout(20_000);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
