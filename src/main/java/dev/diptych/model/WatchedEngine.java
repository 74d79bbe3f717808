package dev.diptych.model;

import dev.diptych.InferenceFailed;
import org.jspecify.annotations.Nullable;

/** An engine that computes on a thread of its own, as whoever watches over it sees it. */
public interface WatchedEngine {

  /** What ended its thread, or what it was abandoned for; null while it can answer. */
  @Nullable Throwable failure();

  /** How its thread gets on. */
  Progress progress();

  /** Fails all that wait and refuses what comes: its thread stands still. */
  void abandon(InferenceFailed reason);

  /** Whether its thread has ended, so that nothing uses the model any more. */
  boolean hasEnded();
}
