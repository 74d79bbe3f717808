package dev.diptych.http.generate;

import dev.diptych.DiptychException;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.http.streaming.EventStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A generation as the events of {@code /generate_stream}.
 *
 * @param before put in front of the whole text
 */
record TokenStream(Generation generation, Duration heartbeat, String before, boolean withDetails)
    implements EventStream {

  @Override
  public @Nullable Event next(Duration patience) throws InterruptedException {
    return switch (generation.next(patience)) {
      case null -> null;
      case GenerationEvent.Token token -> new Event(StreamResponse.of(token), false);
      case GenerationEvent.Scored _, GenerationEvent.Answered _ -> next(patience);
      case GenerationEvent.Finished finished ->
          new Event(
              StreamResponse.of(
                  finished.completion(), before, withDetails, generation.promptTokens()),
              true);
      case GenerationEvent.Failed(DiptychException reason) -> throw reason;
    };
  }

  @Override
  public Event failure(RuntimeException cause) {
    return new Event(ErrorResponse.of(cause), true);
  }

  @Override
  public void close() {
    generation.close();
  }
}
