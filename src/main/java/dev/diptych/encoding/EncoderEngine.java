package dev.diptych.encoding;

import dev.diptych.InferenceFailed;
import dev.diptych.ModelUnavailable;
import dev.diptych.model.EncoderModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An encoder and the one thread that drives it. Callers on any thread hand in inputs and block;
 * while one batch is computed, the inputs that arrive form the next.
 */
public final class EncoderEngine implements AutoCloseable {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Logits that one batch may produce, 16 MiB of float32. */
  private static final int MAX_LOGITS = 1 << 22;

  private final String name;
  private final EncoderModel model;
  private final Places places;
  private final ForwardPass forwardPass;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final BatchFormer batches;
  private boolean closed;

  /**
   * Starts the thread. The engine owns the model from here on.
   *
   * @param name for messages, logs and the thread
   * @param maxConcurrentInputs inputs that may wait or be computed at once
   * @param maxBatchTokens tokens computed together; an input that is longer is computed alone
   */
  public EncoderEngine(
      String name, EncoderModel model, int maxConcurrentInputs, int maxBatchTokens) {
    this.name = name;
    this.model = model;
    this.places = new Places(name, maxConcurrentInputs);
    this.forwardPass = new ForwardPass(name, model);
    this.batches = new BatchFormer(maxBatchTokens, maxLogitRows());
    this.thread = Thread.ofPlatform().name("encoder-" + name).unstarted(this::drive);
    thread.start();
  }

  /** The model's hidden width. */
  public int hiddenSize() {
    return model.hiddenSize();
  }

  /** Most tokens of one input. */
  public int maxInputTokens() {
    return model.maxInputTokens();
  }

  /** Bound of token ids, and the width of a row of logits. */
  public int vocabularySize() {
    return model.vocabularySize();
  }

  /** Most rows of logits that one input may ask for. */
  int maxLogitRows() {
    return Math.max(1, MAX_LOGITS / model.vocabularySize());
  }

  /** Whether it can compute {@link EncoderTask.MaskedLanguageModel}. */
  public boolean hasMaskedLanguageModelHead() {
    return model.hasMaskedLanguageModelHead();
  }

  /**
   * Places for all inputs of a request. A lone input gets one at once or not at all; a batch waits
   * for its turn.
   *
   * @throws dev.diptych.Overloaded if a lone input would have to wait, or too many wait already
   */
  public Permits admit(int inputs) {
    return places.take(inputs);
  }

  /** Inputs of batches that wait for places. */
  int waitingForPlaces() {
    return places.waiting();
  }

  /**
   * Computes all inputs and blocks until they are done.
   *
   * @return one output per input, in their order
   * @throws dev.diptych.InvalidInput if an input has no tokens, too many, or ids out of range
   * @throws InferenceFailed if a forward pass failed, or the calling thread was interrupted
   * @throws ModelUnavailable if the engine is closed
   */
  public List<EncoderOutput> encode(EncoderTask task, List<EncoderInput> inputs) {
    inputs.forEach(input -> InputChecks.check(model, task, input));
    List<Entry> entries = inputs.stream().map(input -> new Entry(task, input)).toList();
    enqueue(entries);
    try {
      List<EncoderOutput> outputs = new ArrayList<>(entries.size());
      for (Entry entry : entries) {
        outputs.add(entry.await());
      }
      return outputs;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceFailed("the caller was interrupted while it waited", e);
    } finally {
      entries.forEach(Entry::abandon);
    }
  }

  /** Inputs in the queue whose callers still wait. */
  int waiting() {
    lock.lock();
    try {
      return batches.waiting();
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(List<Entry> entries) {
    lock.lock();
    try {
      if (closed) {
        throw new ModelUnavailable(name + " is shutting down", RETRY_AFTER);
      }
      entries.forEach(batches::add);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void drive() {
    for (List<Entry> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
      forwardPass.run(batch);
    }
    model.close();
  }

  /** Blocks while nothing waits; empty once the engine is closed and everything is answered. */
  private List<Entry> nextBatch() {
    lock.lock();
    try {
      List<Entry> batch = batches.next();
      while (batch.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
        batch = batches.next();
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses new inputs, answers those that wait, then ends the thread and closes the model. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
