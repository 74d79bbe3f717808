package dev.diptych.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The memory for keys and values, which all decoders share. Safe for use from any thread. */
public final class KeyValueMemory {

  /*
   * A decoder takes what is free. One that lacks memory for its next sequence stands in line, and
   * while it does the others may hold only what leaves enough for the first in line: they give back
   * what nothing of theirs uses, and admit no more sequences until it has come. So each gets its
   * turn, as sequences end. One that computes already may press the others only down to equal
   * shares.
   */

  private final long most;
  private final LongConsumer givenUp;
  private final List<Share> shares = new ArrayList<>();
  private long total;
  private long tickets;

  /**
   * Memory for no decoder yet.
   *
   * @param most bytes of all decoders together
   * @param givenUp is told how many bytes no decoder will take any more
   */
  public KeyValueMemory(long most, LongConsumer givenUp) {
    this.most = most;
    this.givenUp = givenUp;
  }

  /** So much memory for one decoder alone. */
  public static Share alone(long bytes) {
    return new KeyValueMemory(bytes, _ -> {}).join(bytes, bytes);
  }

  /** Bytes that there should be more if one more decoder comes that can use so many. */
  public synchronized long missing(long usable) {
    return Math.max(0, wanted(usable) - total);
  }

  /**
   * One more decoder comes.
   *
   * @param usable bytes that it could ever use
   * @param more bytes that there are more from now on
   */
  public synchronized Share join(long usable, long more) {
    total += more;
    Share share = new Share(usable);
    shares.add(share);
    return share;
  }

  private long wanted(long beside) {
    long sum = beside;
    for (Share share : shares) {
      sum = sum > most - share.usable ? most : sum + share.usable;
    }
    return Math.min(most, sum);
  }

  private @Nullable Share firstInLine() {
    Share first = null;
    for (Share share : shares) {
      if (share.ticket != 0 && (first == null || share.ticket < first.ticket)) {
        first = share;
      }
    }
    return first;
  }

  private void wakeOthers(Share changed) {
    for (Share share : shares) {
      if (share != changed && (share.ticket != 0 || share.held > share.most())) {
        share.wake.run();
      }
    }
  }

  /** What one decoder holds of it. */
  public final class Share implements AutoCloseable {

    private final long usable;
    private long held;
    private long ticket; // 0 if it does not stand in line
    private long needed;
    private boolean presses; // below equal shares
    private boolean closed;
    private Runnable wake = () -> {};

    private Share(long usable) {
      this.usable = usable;
    }

    /** Bytes of all decoders together. */
    long total() {
      synchronized (KeyValueMemory.this) {
        return total;
      }
    }

    /** Who is told, on any thread, that it may get more or is to give back. */
    void whenChanged(Runnable newWake) {
      synchronized (KeyValueMemory.this) {
        wake = newWake;
      }
    }

    /** Bytes that it may hold now, which may be fewer than it does. */
    long most() {
      synchronized (KeyValueMemory.this) {
        long free = total - heldBeside(this);
        Share first = firstInLine();
        if (first != null && first != this) {
          long left = total - first.needed - heldBeside(first) + held;
          free = Math.min(free, first.presses ? left : Math.max(left, fair()));
        }
        return Math.max(0, free);
      }
    }

    /** Its part if all decoders have equal ones. */
    long fair() {
      synchronized (KeyValueMemory.this) {
        return total / Math.max(1, shares.size());
      }
    }

    /** Takes memory until it holds so many bytes; false if it may not. */
    boolean take(long bytes) {
      synchronized (KeyValueMemory.this) {
        if (bytes > held) {
          if (bytes > most()) {
            return false;
          }
          held = bytes;
        }
        return true;
      }
    }

    /** Holds exactly so many bytes, not more than before. */
    void keep(long bytes) {
      synchronized (KeyValueMemory.this) {
        boolean gives = bytes < held;
        held = Math.min(held, bytes);
        if (gives) {
          wakeOthers(this);
        }
      }
    }

    /**
     * Stands in line until it may hold so many bytes; at its place, if it does already.
     *
     * @param computes whether it has other sequences to compute meanwhile
     */
    void ask(long bytes, boolean computes) {
      synchronized (KeyValueMemory.this) {
        if (bytes > total) {
          leave();
          return;
        }
        boolean isNew = ticket == 0 || needed != bytes || presses == computes;
        ticket = ticket == 0 ? ++tickets : ticket;
        needed = bytes;
        presses = !computes;
        if (isNew) {
          wakeOthers(this);
        }
        if (bytes <= most()) {
          wake.run(); // it has become free since
        }
      }
    }

    /** Does not stand in line any more. */
    void leave() {
      synchronized (KeyValueMemory.this) {
        if (ticket != 0) {
          ticket = 0;
          wakeOthers(this);
        }
      }
    }

    /** Its decoder has gone. */
    @Override
    public void close() {
      long less;
      synchronized (KeyValueMemory.this) {
        if (closed) {
          return;
        }
        closed = true;
        held = 0;
        ticket = 0;
        shares.remove(this);
        less = Math.max(0, total - wanted(0));
        total -= less;
        wakeOthers(this);
      }
      givenUp.accept(less);
    }
  }

  private long heldBeside(Share one) {
    long sum = 0;
    for (Share share : shares) {
      sum += share == one ? 0 : share.held;
    }
    return sum;
  }
}
