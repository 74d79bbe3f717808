package dev.diptych.encoding;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory of an answer whose size is known part by part. Parts may come on another thread than
 * the request's, also when that has given up.
 */
public final class GrowingAnswer implements Permits {

  private final AnswerMemory memory;
  private final List<Permits> parts = new ArrayList<>();
  private long bytes;
  private boolean closed;

  GrowingAnswer(AnswerMemory memory) {
    this.memory = memory;
  }

  /**
   * Reserves memory for one more part.
   *
   * @throws dev.diptych.InvalidInput if no answer may take so much as all parts do
   * @throws dev.diptych.Overloaded if it is not free now
   */
  public synchronized void grow(long more) {
    if (!closed) {
      memory.requirePossible(bytes + more);
      parts.add(memory.reserve(more));
      bytes += more;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    parts.forEach(Permits::close);
  }
}
