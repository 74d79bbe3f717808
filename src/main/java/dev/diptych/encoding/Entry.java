package dev.diptych.encoding;

import dev.diptych.Deadline;
import dev.diptych.DiptychException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One input in the queue, with the place where its caller waits for the answer. */
final class Entry {

  /** How long a request waits for smaller ones that come after it, per token of its own. */
  private static final long NANOSECONDS_PER_TOKEN = 1_000_000;

  private final EncoderTask task;
  private final EncoderInput input;
  private final long arrival;
  private final long turn;
  private final CompletableFuture<EncoderOutput> answer = new CompletableFuture<>();

  /**
   * @param arrival {@link System#nanoTime} when its request came
   * @param turn a time on the same clock; of two that wait the one with the earlier turn comes
   *     first
   */
  Entry(EncoderTask task, EncoderInput input, long arrival, long turn) {
    this.task = task;
    this.input = input;
    this.arrival = arrival;
    this.turn = turn;
  }

  /** The inputs of one request; the more there is to compute, the later their turn. */
  static List<Entry> of(EncoderTask task, List<EncoderInput> inputs) {
    long tokens = inputs.stream().mapToLong(EncoderInput::tokens).sum();
    long arrival = System.nanoTime();
    long turn = arrival + tokens * NANOSECONDS_PER_TOKEN;
    return inputs.stream().map(input -> new Entry(task, input, arrival, turn)).toList();
  }

  EncoderTask task() {
    return task;
  }

  EncoderInput input() {
    return input;
  }

  /** Rows of logits that its answer takes while it is read. */
  int logitRows() {
    return task instanceof EncoderTask.LargestLogits ? 1 : input.rows().length;
  }

  /** When it is to be computed, against others. */
  long turn() {
    return turn;
  }

  /** {@link System#nanoTime} when it arrived. */
  long arrival() {
    return arrival;
  }

  void complete(EncoderOutput output) {
    answer.complete(output);
  }

  void fail(DiptychException failure) {
    answer.completeExceptionally(failure);
  }

  /** Gives up the answer; an entry that still waits is then never computed. */
  void abandon() {
    answer.cancel(false);
  }

  boolean isAbandoned() {
    return answer.isCancelled();
  }

  /** Blocks until the answer is there, or throws what {@link #fail} was given, or is too late. */
  EncoderOutput await() throws InterruptedException {
    Deadline deadline = Deadline.current();
    try {
      return answer.get(deadline.nanoseconds(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw deadline.exceeded();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DiptychException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (CancellationException e) {
      throw new IllegalStateException("an abandoned entry has no answer", e);
    }
  }
}
