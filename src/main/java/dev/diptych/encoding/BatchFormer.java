package dev.diptych.encoding;

import dev.diptych.DiptychException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Decides which waiting inputs are computed together: in order of arrival, as many as the budgets
 * allow. Neither a thread nor a tensor is involved; the caller guards it.
 */
final class BatchFormer {

  /*
   * A batch takes the task of the oldest entry and then every younger entry of that task, up to the
   * first one that does not fit. Entries of other tasks keep their places, so each becomes the oldest
   * in time and none starves. The oldest entry is always taken, even when it alone exceeds a budget.
   */

  private final int maxTokens;
  private final int maxRows;
  private final Deque<Entry> waiting = new ArrayDeque<>();

  /**
   * @param maxTokens tokens of a batch, without padding
   * @param maxRows rows of logits of a batch
   */
  BatchFormer(int maxTokens, int maxRows) {
    this.maxTokens = maxTokens;
    this.maxRows = maxRows;
  }

  void add(Entry entry) {
    waiting.add(entry);
  }

  /** How many entries wait, the abandoned not counted. */
  int waiting() {
    return (int) waiting.stream().filter(entry -> !entry.isAbandoned()).count();
  }

  /** Fails whatever waits. */
  void failAll(DiptychException reason) {
    for (Entry entry = waiting.peek(); entry != null; entry = waiting.peek()) {
      entry.fail(reason);
      waiting.remove();
    }
  }

  /** The next batch, removed from what waits; empty when nothing waits. */
  List<Entry> next() {
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
      rows += entry.input().rows().length;
      if (!batch.isEmpty() && (tokens > maxTokens || rows > maxRows)) {
        break;
      }
      batch.add(entry);
      entries.remove();
    }
    return batch;
  }
}
