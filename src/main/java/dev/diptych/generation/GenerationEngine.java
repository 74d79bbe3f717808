package dev.diptych.generation;

import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.Progress;
import dev.diptych.model.UntilMemoryAllows;
import dev.diptych.model.WatchedEngine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs generations on one decoder: a thread of its own that takes a step after another while there
 * is work, and sleeps while there is none.
 */
final class GenerationEngine implements AutoCloseable, WatchedEngine {

  /*
   * Everything but the permits, the inbox, the set of live generations and their queues belongs to the
   * engine's thread, and to the model's while the engine's waits for a step.
   * A generation holds its permit until it has been finished, failed or cancelled, and its caller has
   * closed it: what nobody has read takes memory. It is computed until the first of these, so whoever
   * gets all of the engine's slots knows that nothing runs.
   * When the thread ends by an error, or stands still and is abandoned, all that are live are failed,
   * whatever memory there is: the failure is made beforehand, and telling it is tried until it works.
   */

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration RETRY_ELSEWHERE = Duration.ofSeconds(5);

  private sealed interface Message {}

  private record Submit(Generation generation) implements Message {}

  private record Cancel(Generation generation) implements Message {}

  private record Stop() implements Message {}

  /** Other decoders have given memory back, or want some. */
  private record MemoryChanged() implements Message {}

  private final int maxConcurrentRequests;
  private final Semaphore permits;
  private final Semaphore slots; // of those that hold a permit and have not ended
  private final BlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
  private final BatchRunner runner;
  private final AnswerFactory answers;
  private final Set<Generation> live = ConcurrentHashMap.newKeySet();
  private final Object admission = new Object();
  private final InferenceFailed closed = InferenceFailed.known("its caller closed it");
  private final Runnable failLive;
  private final Progress progress = new Progress();
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean accepting = true; // guarded by admission
  private boolean running = true; // guarded by admission
  private volatile @Nullable Throwable failure;
  private volatile boolean hasEnded;
  private volatile ModelUnavailable ending =
      new ModelUnavailable("the service is shutting down", RETRY_ELSEWHERE);

  GenerationEngine(
      DecoderModel model,
      AnswerFactory answers,
      ContinuousBatchScheduler scheduler,
      int maxConcurrentRequests,
      GenerationWatch watch,
      String name) {
    this.answers = answers;
    this.maxConcurrentRequests = maxConcurrentRequests;
    this.permits = new Semaphore(maxConcurrentRequests);
    this.slots = new Semaphore(maxConcurrentRequests);
    InferenceFailed ended = InferenceFailed.known("the thread of " + name + " has ended");
    this.failLive = () -> failAll(failure == null ? ending : ended);
    this.runner =
        new BatchRunner(
            model, scheduler, this::answered, this::failed, this::receiveMore, progress, watch);
    Thread.ofPlatform().name("generate " + name).daemon().start(this::run);
  }

  /**
   * Takes a permit, for a generation that {@link #submit} or {@link #giveUp} follows.
   *
   * @throws Overloaded if as many as allowed are running or waiting
   * @throws ModelUnavailable if the engine is shutting down or has failed
   */
  void admit() {
    synchronized (admission) {
      if (!accepting) {
        throw unavailable();
      }
      if (!permits.tryAcquire()) {
        throw overloaded();
      }
      slots.acquireUninterruptibly(); // there are as many as permits
    }
  }

  /**
   * Refuses what {@link #admit} would refuse, without taking a permit.
   *
   * @throws Overloaded if as many as allowed are running or waiting
   * @throws ModelUnavailable if the engine is shutting down or has failed
   */
  void requireRoom() {
    synchronized (admission) {
      if (!accepting) {
        throw unavailable();
      }
    }
    if (permits.availablePermits() == 0) {
      throw overloaded();
    }
  }

  private static Overloaded overloaded() {
    return new Overloaded("Model is overloaded", RETRY_AFTER);
  }

  /** Tells that memory for keys and values has become free, or is wanted by others. */
  void memoryChanged() {
    inbox.add(new MemoryChanged());
  }

  /** Gives back the permit of a generation that never came about. */
  void giveUp() {
    slots.release();
    permits.release();
  }

  /** Gives back the permit of a generation that has ended and is closed. */
  void release() {
    permits.release();
  }

  /**
   * Takes a generation in, which owns its permit from now on.
   *
   * @throws ModelUnavailable if the engine is shutting down or has failed; the permit stays with
   *     the caller
   */
  void submit(Generation generation) {
    synchronized (admission) {
      if (!running) {
        throw unavailable();
      }
      live.add(generation);
      try {
        inbox.add(new Submit(generation));
      } catch (OutOfMemoryError e) {
        live.remove(generation);
        throw e;
      }
    }
  }

  void cancel(Generation generation) {
    if (live.contains(generation)) {
      inbox.add(new Cancel(generation));
    }
  }

  /** Generations that are running or waiting. */
  int activeGenerations() {
    return maxConcurrentRequests - slots.availablePermits();
  }

  /** Refuses new generations, lets the others run for so long, then fails them and ends. */
  void drain(Duration patience) throws InterruptedException {
    synchronized (admission) {
      accepting = false;
    }
    if (slots.tryAcquire(maxConcurrentRequests, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      slots.release(maxConcurrentRequests);
    }
    inbox.add(new Stop());
    over.await();
  }

  /**
   * Refuses new generations for this reason, and fails those that run for it; returns when nothing
   * runs.
   */
  void end(ModelUnavailable reason) throws InterruptedException {
    ending = reason;
    drain(Duration.ZERO);
  }

  /**
   * Ends what is running and returns when nothing uses the model any more, whatever interrupts; at
   * once if it was abandoned.
   */
  @Override
  public void close() {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        drain(Duration.ZERO);
        ended = true;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (receive()) {
        progress.begin();
        runner.step();
        runner.tellLoad();
        progress.end();
      }
    } catch (Throwable e) {
      failure = failure == null ? e : failure;
    } finally {
      stop();
      UntilMemoryAllows.run(failLive);
      hasEnded = true;
      over.countDown();
    }
  }

  private void stop() {
    synchronized (admission) {
      accepting = false;
      running = false;
    }
  }

  private void failAll(DiptychException reason) {
    GenerationEvent.Failed event = new GenerationEvent.Failed(reason);
    for (Generation generation : live) {
      generation.tell(event);
      letGo(generation, reason);
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
    stop();
    UntilMemoryAllows.run(() -> failAll(reason));
    over.countDown();
    inbox.add(new Stop());
  }

  @Override
  public boolean hasEnded() {
    return hasEnded;
  }

  /* Handles what has arrived, waits if there is nothing else to do. False is the end. */
  private boolean receive() throws InterruptedException {
    Message message = runner.isIdle() ? inbox.take() : inbox.poll();
    boolean changes = message != null;
    while (message != null && !(message instanceof Stop)) {
      handle(message);
      message = inbox.poll();
    }
    if (changes) {
      runner.tellLoad();
    }
    return message == null;
  }

  /* In the middle of a step, which must be over before the end. */
  private void receiveMore() {
    Message message = inbox.peek();
    while (message != null && !(message instanceof Stop)) {
      inbox.remove();
      handle(message);
      message = inbox.peek();
    }
  }

  private void handle(Message message) {
    switch (message) {
      case Submit(Generation generation) -> begin(generation);
      case Cancel(Generation generation) -> failed(generation, closed);
      case MemoryChanged() -> {} // the next plan looks
      case Stop() -> throw new IllegalStateException("the end is not handled in between");
    }
  }

  private void begin(Generation generation) {
    if (generation.isClosed()) {
      failed(generation, closed);
      return;
    }
    try {
      for (int i = 0; i < generation.request().choices().drawn(); i++) {
        generation.answers().add(answers.create(generation, i));
      }
      runner.add(generation.answers().getFirst());
    } catch (RuntimeException | Error e) {
      failed(generation, new InferenceFailed("the generation could not start", e));
    }
  }

  private void answered(Answer answer) {
    Generation generation = answer.generation();
    generation.markToken();
    if (answer.isFirstOfSeveral()) {
      addOthers(answer);
    }
    if (answer.hasJustScored()) {
      generation.tell(answer.scored());
    }
    boolean isTold = generation.request().choices().areAllReturned();
    if (!answer.isFinished()) {
      if (isTold) {
        generation.tell(answer.newest());
      }
      return;
    }
    runner.remove(answer);
    if (isTold) {
      generation.tell(new GenerationEvent.Answered(answer.index(), answer.completion()));
    }
    if (generation.answers().stream().allMatch(Answer::isFinished)) {
      GenerationEvent.Finished finished = answers.finished(generation);
      retire(generation, null);
      generation.tell(finished);
    }
  }

  /* Its generation has waited. They have the prompt's keys and values, and its last logits, from the first one. */
  private void addOthers(Answer first) {
    List<Answer> all = first.generation().answers();
    for (Answer other : all.subList(1, all.size()).reversed()) {
      other.repeatPromptOf(first);
      runner.addNext(other);
    }
  }

  private void failed(Generation generation, DiptychException reason) {
    if (retire(generation, reason)) {
      generation.tell(new GenerationEvent.Failed(reason));
    }
  }

  /* Before the last event, so that who has read it finds the slot free. False if it was retired. */
  private boolean retire(Generation generation, @Nullable DiptychException failure) {
    generation.answers().forEach(runner::remove);
    boolean wasLive = letGo(generation, failure);
    if (wasLive) {
      generation.answers().clear(); // its caller may read for long what has been told
    }
    return wasLive;
  }

  private boolean letGo(Generation generation, @Nullable DiptychException failure) {
    boolean wasLive = live.remove(generation);
    if (wasLive) {
      slots.release();
      generation.letGo();
      generation.report(failure);
    }
    return wasLive;
  }

  private ModelUnavailable unavailable() {
    return failure == null ? ending : new ModelUnavailable("the model has failed", RETRY_ELSEWHERE);
  }
}
