package dev.diptych.http.openai;

import dev.diptych.DiptychException;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.http.streaming.EventStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The events of this dialect that follow from those of generations. Several generations run at
 * once, and are told one after the other.
 */
abstract class GenerationStream implements EventStream {

  /** What OpenAI ends its streams with. */
  static final String DONE = "[DONE]";

  private final List<Generation> generations;
  private final Duration heartbeat;
  private final FieldNames names;
  private final Queue<Event> waiting = new ArrayDeque<>();
  private int current;

  GenerationStream(List<Generation> generations, Duration heartbeat, FieldNames names) {
    this.generations = List.copyOf(generations);
    this.heartbeat = heartbeat;
    this.names = names;
  }

  /** Tells what an event of a generation brings, by {@link #tell}. */
  abstract void on(int generation, GenerationEvent event);

  /** Tells what comes when all generations have ended, the last event too. */
  abstract void end();

  /** Puts an event in line. */
  final void tell(Object data) {
    waiting.add(new Event(data, false));
  }

  /** Puts an event with a name in line. */
  final void tell(Object data, boolean last, String name) {
    waiting.add(new Event(data, last, name));
  }

  /** Puts the last event in line. */
  final void tellLast(Object data) {
    waiting.add(new Event(data, true));
  }

  @Override
  public final Duration heartbeat() {
    return heartbeat;
  }

  @Override
  public final @Nullable Event next(Duration patience) throws InterruptedException {
    while (waiting.isEmpty()) {
      GenerationEvent event = generations.get(current).next(patience);
      if (event == null) {
        return null;
      }
      if (event instanceof GenerationEvent.Failed(DiptychException reason)) {
        throw reason;
      }
      on(current, event);
      if (event instanceof GenerationEvent.Finished && ++current == generations.size()) {
        end();
      }
    }
    return waiting.remove();
  }

  @Override
  public Event failure(RuntimeException cause) {
    return new Event(error(cause), true);
  }

  /** What is to be said of a failure. */
  final OpenAiError error(RuntimeException cause) {
    return cause instanceof DiptychException known
        ? OpenAiError.of(known, names)
        : OpenAiError.fault();
  }

  @Override
  public final void close() {
    generations.forEach(Generation::close);
  }
}
