package dev.diptych.metrics;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is known of one request while it is answered. Written by any thread that works for it. */
public final class RequestAccount {

  /** The account of the request that this thread answers. */
  public static final ScopedValue<RequestAccount> CURRENT = ScopedValue.newInstance();

  /** The model of a request that asks none. */
  public static final String NO_MODEL = "none";

  private static final int MOST_PHASES = 100;

  private final String id;
  private final String endpoint;
  private final long begun = System.nanoTime();
  private final @Nullable Queue<Phase> phases;
  private final AtomicLong promptTokens = new AtomicLong();
  private final AtomicLong newTokens = new AtomicLong();
  private volatile String model = NO_MODEL;
  private volatile @Nullable Outcome outcome;

  /**
   * An account of a request that has just come.
   *
   * @param id the client's own, or made for it
   * @param endpoint one of few: the path as its controller has it
   * @param traced whether its phases are wanted
   */
  public RequestAccount(String id, String endpoint, boolean traced) {
    this.id = id;
    this.endpoint = endpoint;
    this.phases = traced ? new ConcurrentLinkedQueue<>() : null;
  }

  /** The account of the request that this thread answers, or one that nobody reads. */
  public static RequestAccount current() {
    return CURRENT.isBound() ? CURRENT.get() : new RequestAccount("", "", false);
  }

  public String id() {
    return id;
  }

  public String endpoint() {
    return endpoint;
  }

  /** The model that it asked, as the settings name it. */
  public String model() {
    return model;
  }

  /** Tells that a model works for it. */
  public void asks(String asked) {
    model = asked;
  }

  /** Counts tokens that a model has read for it and written. */
  public void count(long prompt, long written) {
    promptTokens.addAndGet(prompt);
    newTokens.addAndGet(written);
  }

  public long promptTokens() {
    return promptTokens.get();
  }

  public long newTokens() {
    return newTokens.get();
  }

  /** Tells what became of it, where the status does not. The first word counts. */
  public synchronized void ends(Outcome how) {
    outcome = outcome == null ? how : outcome;
  }

  /** What became of it. */
  public Outcome outcome(int status) {
    Outcome told = outcome;
    return told == null ? Outcome.of(status) : told;
  }

  /**
   * A part of its time, on the clock of {@link System#nanoTime}.
   *
   * @param name what was done, or waited for
   */
  record Phase(String name, long start, long end) {}

  /** Tells of a part of its time, if anybody wants to know. */
  void spent(String name, long start, long end) {
    if (phases != null && phases.size() < MOST_PHASES) {
      phases.add(new Phase(name, start, end));
    }
  }

  /** Where its time went, as far as it is told. */
  Collection<Phase> phases() {
    return phases == null ? List.of() : phases;
  }

  /** When it came, on the clock of {@link System#nanoTime}. */
  long begun() {
    return begun;
  }

  /** How long ago it came, in nanoseconds. */
  public long age() {
    return System.nanoTime() - begun;
  }
}
