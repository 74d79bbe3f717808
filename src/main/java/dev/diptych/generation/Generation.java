package dev.diptych.generation;

import dev.diptych.Deadline;
import dev.diptych.DiptychException;
import dev.diptych.encoding.Permits;
import dev.diptych.sampling.constraint.CompiledConstraint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A caller's handle on a running generation. Closing it early cancels what is left to compute. */
public final class Generation implements AutoCloseable {

  /*
   * The engine's thread puts events into the queue and never waits for their reader: a generation
   * has at most one event for each token of its answers, so the queue is bounded by the request
   * itself, and all queues by the permits, as a generation keeps its own until it is closed.
   */

  private static final Logger log = LoggerFactory.getLogger(Generation.class);

  private final GenerationRequest request;
  private final GenerationEngine engine;
  private final int[] prompt;
  private final @Nullable CompiledConstraint constraint;
  private final int maxNewTokens;
  private final Duration validation;
  private final GenerationWatch.Follower follower;
  private final Permits memory;
  private final BlockingQueue<GenerationEvent> events;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger holders = new AtomicInteger(2); // its engine and its caller
  private final long submitted = System.nanoTime();
  private boolean ended; // caller's thread: the last event was handed out

  // engine's thread
  private final List<Answer> answers = new ArrayList<>();
  private long started;
  private long firstToken;
  private int foreseenTokens;

  Generation(
      GenerationRequest request,
      GenerationEngine engine,
      int[] prompt,
      @Nullable CompiledConstraint constraint,
      int maxNewTokens,
      Duration validation,
      GenerationWatch.Follower follower,
      Permits memory) {
    this.request = request;
    this.engine = engine;
    this.prompt = prompt;
    this.constraint = constraint;
    this.maxNewTokens = maxNewTokens;
    this.validation = validation;
    this.follower = follower;
    this.memory = memory;
    this.events = new LinkedBlockingQueue<>(mostEvents(request, maxNewTokens));
  }

  /* One for each token of an answer, one for the prompt, and the last. */
  private static int mostEvents(GenerationRequest request, int maxNewTokens) {
    return request.choices().drawn() * Math.max(1, maxNewTokens) + 2;
  }

  public GenerationRequest request() {
    return request;
  }

  /** Tokens of the prompt, after truncation. */
  public int promptTokens() {
    return prompt.length;
  }

  /** Tokens after which the answer ends at the latest. */
  public int maxNewTokens() {
    return maxNewTokens;
  }

  /**
   * The next event; null if none came in time. Called by one thread.
   *
   * @throws dev.diptych.DeadlineExceeded if the request has no time left
   * @throws IllegalStateException after the last event
   */
  public @Nullable GenerationEvent next(Duration patience) throws InterruptedException {
    if (ended) {
      throw new IllegalStateException("the generation has ended");
    }
    GenerationEvent event = Deadline.current().poll(events, patience);
    ended = event instanceof GenerationEvent.Finished || event instanceof GenerationEvent.Failed;
    return event;
  }

  /**
   * Waits for the end.
   *
   * @throws DiptychException what made the generation fail, or that no time is left for it
   */
  public GenerationEvent.Finished result() throws InterruptedException {
    while (true) {
      switch (Deadline.current().take(events)) {
        case GenerationEvent.Scored _, GenerationEvent.Token _, GenerationEvent.Answered _ -> {}
        case GenerationEvent.Finished finished -> {
          ended = true;
          return finished;
        }
        case GenerationEvent.Failed(DiptychException reason) -> {
          ended = true;
          throw reason;
        }
      }
    }
  }

  /**
   * Cancels what has not been computed, within one step, on any thread: whoever waits for it is
   * told that it failed. Does nothing the second time.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      engine.cancel(this);
      letGo();
    }
  }

  /** Tells that one of its two holders has no use for it any more. */
  void letGo() {
    if (holders.decrementAndGet() == 0) {
      memory.close();
      engine.release();
    }
  }

  boolean isClosed() {
    return closed.get();
  }

  int[] prompt() {
    return prompt;
  }

  /** What each answer has to hold; null for anything. */
  @Nullable CompiledConstraint constraint() {
    return constraint;
  }

  List<Answer> answers() {
    return answers;
  }

  void tell(GenerationEvent event) {
    events.add(event);
  }

  void markStarted() {
    if (started == 0) {
      started = System.nanoTime();
    }
  }

  void markToken() {
    if (firstToken == 0) {
      firstToken = System.nanoTime();
    }
  }

  /** Counts tokens that a draft had right. */
  void foresaw(int tokens) {
    foreseenTokens += tokens;
  }

  /* Nothing that only counts keeps a generation from ending. */
  void report(@Nullable DiptychException failure) {
    try {
      follower.ended(
          new GenerationReport(
              failure,
              isClosed(),
              prompt.length,
              answers.isEmpty() ? 0 : answers.getFirst().sequence().cachedTokens(),
              maxNewTokens,
              answers.size(),
              answers.stream().mapToInt(answer -> answer.sequence().newTokens()).sum(),
              foreseenTokens,
              submitted - validation.toNanos(),
              submitted,
              started,
              firstToken,
              System.nanoTime()));
    } catch (RuntimeException | Error e) {
      reportIfPossible(e);
    }
  }

  private static void reportIfPossible(Throwable cause) {
    try {
      log.warn("A generation could not be counted", cause);
    } catch (RuntimeException | Error _) {
      // memory is short
    }
  }

  GenerationTimings timings() {
    return new GenerationTimings(
        validation,
        Duration.ofNanos(started - submitted),
        Duration.ofNanos(System.nanoTime() - started));
  }
}
