package dev.diptych.http.streaming;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A response body of server-sent events, read by the thread that serves the request. A controller
 * returns it with the content type {@code text/event-stream} set; it is closed when the response
 * ends, however it ends.
 */
public interface EventStream extends AutoCloseable {

  /**
   * An event.
   *
   * @param data written as JSON; a string is written as it is
   * @param last whether the response ends with it
   * @param name its own name on the wire; null for none
   */
  record Event(Object data, boolean last, @Nullable String name) {

    /** One without a name. */
    public Event(Object data, boolean last) {
      this(data, last, null);
    }
  }

  /** Silence after which a comment is sent, by which a client that left is noticed. */
  Duration heartbeat();

  /**
   * The next event; null if none came in time.
   *
   * @throws RuntimeException if there will be no more. Before the first event it is answered like
   *     any exception of a controller, after that with {@link #failure} as the last event
   */
  @Nullable Event next(Duration patience) throws InterruptedException;

  /** The last event, which says that there was a failure. */
  Event failure(RuntimeException cause);

  @Override
  void close();
}
