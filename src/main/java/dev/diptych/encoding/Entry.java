package dev.diptych.encoding;

import dev.diptych.DiptychException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One input in the queue, with the place where its caller waits for the answer. */
final class Entry {

  private final EncoderTask task;
  private final EncoderInput input;
  private final long arrival = System.nanoTime();
  private final CompletableFuture<EncoderOutput> answer = new CompletableFuture<>();

  Entry(EncoderTask task, EncoderInput input) {
    this.task = task;
    this.input = input;
  }

  EncoderTask task() {
    return task;
  }

  EncoderInput input() {
    return input;
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

  /** Blocks until the answer is there, or throws what {@link #fail} was given. */
  EncoderOutput await() throws InterruptedException {
    try {
      return answer.get();
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
