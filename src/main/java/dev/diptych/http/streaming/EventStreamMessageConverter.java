package dev.diptych.http.streaming;

import dev.diptych.metrics.Outcome;
import dev.diptych.metrics.RequestAccount;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServerHttpResponse;
import tools.jackson.databind.json.JsonMapper;

/** Writes an {@link EventStream} event by event on the calling thread. */
final class EventStreamMessageConverter implements HttpMessageConverter<EventStream> {

  /*
   * The head of the response goes out with the first event or heartbeat, so what fails before it
   * keeps its own status. An event is serialised before any of it is written. Events that are
   * already waiting share a flush. It is the response that is flushed: flushing the body's stream
   * does nothing in Spring 7. A client that left is noticed by a write that fails, two heartbeats
   * later at most.
   */

  private static final Logger log = LoggerFactory.getLogger(EventStreamMessageConverter.class);
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NAME = "event: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final JsonMapper mapper;

  EventStreamMessageConverter(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
    return false;
  }

  @Override
  public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
    return EventStream.class.isAssignableFrom(type);
  }

  @Override
  public List<MediaType> getSupportedMediaTypes() {
    return List.of(MediaType.TEXT_EVENT_STREAM);
  }

  @Override
  public EventStream read(Class<? extends EventStream> type, HttpInputMessage input) {
    throw new HttpMessageNotReadableException("event streams are only written", input);
  }

  @Override
  public void write(EventStream stream, @Nullable MediaType type, HttpOutputMessage output)
      throws IOException {
    try (stream) {
      Chunk first = Chunk.of(next(stream, stream.heartbeat()), mapper);
      HttpHeaders headers = output.getHeaders();
      headers.setContentType(MediaType.TEXT_EVENT_STREAM);
      headers.setCacheControl("no-cache");
      headers.set("X-Accel-Buffering", "no");
      writeAll(stream, first, (ServerHttpResponse) output);
    }
  }

  private void writeAll(EventStream stream, Chunk first, ServerHttpResponse response) {
    try {
      OutputStream body = response.getBody();
      Chunk chunk = first;
      while (true) {
        chunk.writeTo(body);
        if (chunk.last()) {
          response.flush();
          return;
        }
        Chunk waiting = chunk.isSilence() ? chunk : read(stream, Duration.ZERO);
        if (waiting.isSilence()) {
          response.flush();
          waiting = read(stream, stream.heartbeat());
        }
        chunk = waiting;
      }
    } catch (IOException e) {
      log.debug("The client left a stream: {}", e.toString());
    }
  }

  private Chunk read(EventStream stream, Duration patience) throws IOException {
    try {
      return Chunk.of(next(stream, patience), mapper);
    } catch (RuntimeException e) {
      log.debug("A stream ends with a failure", e);
      RequestAccount.current().ends(Outcome.of(e));
      return Chunk.of(stream.failure(e), mapper);
    }
  }

  private static EventStream.@Nullable Event next(EventStream stream, Duration patience)
      throws IOException {
    try {
      return stream.next(patience);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for an event");
    }
  }

  /** What is written at once: an event, or a comment in a silence. */
  @SuppressWarnings("ArrayRecordComponent") // made and written here, never compared
  private record Chunk(byte[] data, boolean last, @Nullable String name) {

    private static final Chunk SILENCE = new Chunk(new byte[0], false, null);

    static Chunk of(EventStream.@Nullable Event event, JsonMapper mapper) {
      if (event == null) {
        return SILENCE;
      }
      byte[] data =
          event.data() instanceof String text
              ? text.getBytes(StandardCharsets.UTF_8)
              : mapper.writeValueAsBytes(event.data());
      return new Chunk(data, event.last(), event.name());
    }

    boolean isSilence() {
      return data.length == 0;
    }

    void writeTo(OutputStream body) throws IOException {
      if (isSilence()) {
        body.write(COMMENT);
        return;
      }
      if (name != null) {
        body.write(NAME);
        body.write(name.getBytes(StandardCharsets.UTF_8));
        body.write('\n');
      }
      body.write(DATA);
      body.write(data);
      body.write(END);
    }
  }
}
