package dev.diptych.encoding;

import dev.diptych.InferenceFailed;
import dev.diptych.ModelUnavailable;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.Progress;
import dev.diptych.model.UntilMemoryAllows;
import dev.diptych.model.WatchedEngine;
import dev.diptych.model.blueprint.Head;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An encoder and the one thread that drives it. Callers on any thread hand in inputs and block;
 * while one batch is computed, the inputs that arrive form the next.
 */
public final class EncoderEngine implements AutoCloseable, WatchedEngine {

  /*
   * When the thread ends by an error, or stands still and is abandoned, all that wait are failed,
   * whatever memory there is: the failure is made beforehand, and telling it is tried until it works.
   */

  private static final Logger log = LoggerFactory.getLogger(EncoderEngine.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration RETRY_WHEN_LOADED = Duration.ofSeconds(5);

  /** Logits that one batch may produce, 16 MiB of float32. */
  private static final int MAX_LOGITS = 1 << 22;

  private final String name;
  private final EncoderModel model;
  private final EncodingWatch watch;
  private final int maxBatchTokens;
  private final Places places;
  private final ForwardPass forwardPass;
  private final Progress progress = new Progress();
  private final Runnable failAll;
  private final Thread thread;
  private final CountDownLatch over = new CountDownLatch(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final BatchFormer batches;
  private List<Entry> batch = List.of(); // that is computed
  private boolean closed;
  private volatile @Nullable Throwable failure;
  private volatile boolean hasEnded;

  /**
   * Starts the thread. The engine owns the model from here on.
   *
   * @param name for messages, logs and the thread
   * @param maxConcurrentInputs inputs that may wait or be computed at once
   * @param maxBatchTokens tokens computed together; an input that is longer is computed alone
   * @param watch is told what it does
   */
  public EncoderEngine(
      String name,
      EncoderModel model,
      int maxConcurrentInputs,
      int maxBatchTokens,
      EncodingWatch watch) {
    this.name = name;
    this.watch = watch;
    this.model = model;
    this.maxBatchTokens = maxBatchTokens;
    this.places = new Places(name, maxConcurrentInputs);
    InferenceFailed ended = InferenceFailed.known("the thread of " + name + " has ended");
    this.failAll = () -> tell(ended);
    this.forwardPass = new ForwardPass(name, model, progress, watch);
    this.batches = new BatchFormer(maxLogitRows());
    this.thread = Thread.ofPlatform().name("encoder-" + name).daemon().unstarted(this::drive);
    watch.begins(this::waiting);
    thread.start();
  }

  /** An engine that nobody watches. */
  public EncoderEngine(
      String name, EncoderModel model, int maxConcurrentInputs, int maxBatchTokens) {
    this(name, model, maxConcurrentInputs, maxBatchTokens, EncodingWatch.NONE);
  }

  /** Who is told what it does. */
  EncodingWatch watch() {
    return watch;
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

  /** What the model makes of its hidden states. */
  public Head head() {
    return model.head();
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

  /**
   * Computes all inputs and blocks until they are done.
   *
   * @return one output per input, in their order
   * @throws dev.diptych.InvalidInput if an input has no tokens, too many, or ids out of range
   * @throws InferenceFailed if a forward pass failed, or the calling thread was interrupted
   * @throws ModelUnavailable if the engine is closed
   * @throws dev.diptych.DeadlineExceeded if the request has no time left
   */
  public List<EncoderOutput> encode(EncoderTask task, List<EncoderInput> inputs) {
    inputs.forEach(input -> InputChecks.check(model, task, input));
    List<Entry> entries = Entry.of(task, inputs);
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
      if (failure != null) {
        throw new ModelUnavailable(name + " has failed", RETRY_WHEN_LOADED);
      }
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
    try {
      while (nextBatch()) {
        progress.begin();
        forwardPass.run(batch);
        progress.end();
      }
    } catch (Throwable e) {
      failure = failure == null ? e : failure;
      UntilMemoryAllows.run(failAll);
    } finally {
      end();
    }
  }

  /* Blocks while nothing waits; false once the engine is closed and everything is answered. */
  private boolean nextBatch() {
    lock.lock();
    try {
      batch = next();
      while (batch.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
        batch = next();
      }
      return !batch.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private List<Entry> next() {
    return batches.next(Math.min(maxBatchTokens, model.maxTokensBesideOthers()));
  }

  private void tell(InferenceFailed reason) {
    lock.lock();
    try {
      closed = true;
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).fail(reason);
      }
      batches.failAll(reason);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    try {
      model.close();
    } catch (RuntimeException | Error e) {
      log.error("{} could not be closed", name, e);
    } finally {
      hasEnded = true;
      over.countDown();
    }
  }

  @Override
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public void abandon(InferenceFailed reason) {
    failure = failure == null ? reason : failure;
    UntilMemoryAllows.run(() -> tell(reason));
    over.countDown();
  }

  @Override
  public boolean hasEnded() {
    return hasEnded;
  }

  /**
   * Refuses new inputs, answers those that wait, then ends the thread and closes the model; not so
   * if it was abandoned.
   */
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
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
