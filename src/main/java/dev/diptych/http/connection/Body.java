package dev.diptych.http.connection;

import dev.diptych.http.RetryAfter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** A request's body as it comes in, with its share of the memory for bodies. */
final class Body implements AutoCloseable {

  /** Not counted, as the number of connections bounds it. */
  static final int UNCOUNTED = 16 << 10;

  private static final int FIRST = 4 << 10;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final BodyMemory memory;
  private final long limit;
  private byte[] bytes = new byte[0];
  private int length;
  private long counted;

  Body(BodyMemory memory, long limit) {
    this.memory = memory;
    this.limit = limit;
  }

  /** Whether the request has one. */
  static boolean comesWith(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  /**
   * Reads it to its end.
   *
   * @throws IOException if the client or a deadline ends it before
   */
  byte[] read(HttpServletRequest request) throws IOException, RequestRefused {
    long declared = request.getContentLengthLong();
    if (declared > limit) {
      throw tooLarge("the request body has %d bytes, more".formatted(declared));
    }
    InputStream input = request.getInputStream();
    grow(declared < 0 ? FIRST : (int) Math.min(declared, UNCOUNTED));
    while (true) {
      int count = input.read(bytes, length, bytes.length - length);
      if (count < 0) {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
      }
      length += count;
      if (length == declared) {
        return bytes;
      }
      if (length > limit) {
        throw tooLarge("the request body is larger");
      }
      if (length == bytes.length) {
        grow((int) Math.min(declared < 0 ? limit + 1 : declared, 2L * length));
      }
    }
  }

  private void grow(int size) throws RequestRefused {
    long more = Math.max(0, size - UNCOUNTED) - counted;
    if (!memory.take(more)) {
      throw new RequestRefused(
          HttpStatus.TOO_MANY_REQUESTS,
          RetryAfter.in(RETRY_AFTER),
          "the bodies of all running requests have reached the limit of %d bytes (diptych.http.body-memory)"
              .formatted(memory.limit()));
    }
    counted += more;
    bytes = Arrays.copyOf(bytes, size);
  }

  private RequestRefused tooLarge(String what) {
    return new RequestRefused(
        HttpStatus.CONTENT_TOO_LARGE,
        "%s than the limit of %d bytes (diptych.http.max-body-size)".formatted(what, limit));
  }

  /** Gives its memory back, when nothing of what was read is needed any more. */
  @Override
  public void close() {
    memory.giveBack(counted);
    counted = 0;
  }
}
