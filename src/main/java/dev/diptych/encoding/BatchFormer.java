package dev.diptych.encoding;

import dev.diptych.DiptychException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Decides which waiting inputs are computed together: in the order of their turns, as many as the
 * budgets allow. Neither a thread nor a tensor is involved; the caller guards it.
 */
final class BatchFormer {

  /*
   * A batch takes the task of the first entry and then every later entry of that task, up to the
   * first one that does not fit. Entries of other tasks keep their places, so each becomes the first
   * in time and none starves. The first entry is always taken, even when it alone exceeds a budget.
   */

  private final int maxRows;
  private final List<Entry> waiting = new ArrayList<>();

  /**
   * @param maxRows rows of logits of a batch
   */
  BatchFormer(int maxRows) {
    this.maxRows = maxRows;
  }

  /** Puts an entry behind all whose turn is not later than its own. */
  void add(Entry entry) {
    int place = waiting.size();
    while (place > 0 && waiting.get(place - 1).turn() - entry.turn() > 0) {
      place--;
    }
    waiting.add(place, entry);
  }

  /** How many entries wait, the abandoned not counted. */
  int waiting() {
    return (int) waiting.stream().filter(entry -> !entry.isAbandoned()).count();
  }

  /** Fails whatever waits. */
  void failAll(DiptychException reason) {
    while (!waiting.isEmpty()) {
      waiting.getFirst().fail(reason);
      waiting.removeFirst();
    }
  }

  /**
   * The next batch, removed from what waits; empty when nothing waits.
   *
   * @param maxTokens tokens of the batch, without padding
   */
  List<Entry> next(int maxTokens) {
    List<Entry> batch = new ArrayList<>();
    long tokens = 0;
    long rows = 0;
    Iterator<Entry> entries = waiting.iterator();
    while (entries.hasNext()) {
      Entry entry = entries.next();
      if (entry.isAbandoned()) {
        entries.remove();
        continue;
      }
      if (!batch.isEmpty() && !batch.getFirst().task().equals(entry.task())) {
        continue;
      }
      tokens += entry.input().tokens();
      rows += entry.logitRows();
      if (!batch.isEmpty() && (tokens > maxTokens || rows > maxRows)) {
        break;
      }
      batch.add(entry);
      entries.remove();
    }
    return batch;
  }
}
