package dev.diptych.encoding;

import dev.diptych.InvalidInput;
import dev.diptych.Overloaded;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for all answers that are computed or written, however slowly they are read. Each
 * request reserves what its answer takes before it is computed.
 */
public final class AnswerMemory {

  /*
   * A part is left to small answers, so that readers of large ones, who may take their time, do not
   * lock out the others.
   */

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int SHARE_OF_HEAP = 8;
  private static final int SHARE_OF_A_SMALL_ANSWER = 64;

  private final String setting;
  private final long bytes;
  private final long bytesForLarge;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param bytes of all answers together; 0 stands for an eighth of the Java heap
   * @param setting that says how much it is
   */
  public AnswerMemory(long bytes, String setting) {
    this.setting = setting;
    this.bytes = bytes > 0 ? bytes : Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    this.bytesForLarge = this.bytes - this.bytes / 4;
  }

  /** How much is reserved. */
  long taken() {
    return taken.get();
  }

  /**
   * Checks that an answer may take so much.
   *
   * @throws InvalidInput if none may
   */
  void requirePossible(long needed) {
    if (needed > bytesForLarge) {
      throw new InvalidInput(
          "the answer would take %d bytes of memory, more than the %d that one may take (%s)"
              .formatted(needed, bytesForLarge, setting));
    }
  }

  /**
   * Takes memory for one answer.
   *
   * @throws InvalidInput if no answer may take so much
   * @throws Overloaded if it is not free now
   */
  public Permits reserve(long needed) {
    requirePossible(needed);
    long most = needed > bytes / SHARE_OF_A_SMALL_ANSWER ? bytesForLarge : bytes;
    long before = taken.getAndUpdate(held -> held + needed > most ? held : held + needed);
    if (before + needed > most) {
      throw new Overloaded(
          "there is no memory for an answer of %d bytes: %d of %d are taken by others (%s)"
              .formatted(needed, before, bytes, setting),
          RETRY_AFTER);
    }
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.getAndSet(false)) {
        taken.addAndGet(-needed);
      }
    };
  }
}
