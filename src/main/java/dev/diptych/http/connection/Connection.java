package dev.diptych.http.connection;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/** A client's connection: what it is waiting for, and since when. */
final class Connection extends NioChannel {

  /*
   * The thread of a request moves the phase on; the watch looks at it from its own thread and acts
   * on the socket only: ending its input or output wakes a thread that is blocked there, which then
   * closes the connection as after any other end. Closing it from the watch would give Tomcat's
   * buffers away under that thread. An object serves one connection and is not used again.
   */

  /** The connection of the request that this thread serves. */
  static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();

  /**
   * Bytes of requests behind the running one that are kept; from there on a client's end is not
   * seen.
   */
  private static final int MOST_AHEAD = 16 << 10;

  private volatile Phase phase = Phase.IDLE;
  private volatile long since = System.nanoTime();
  private @Nullable Thread thread; // guarded by this, as all below
  private @Nullable ByteBuffer ahead; // read by the watch, not yet by the request's thread
  private boolean departed;
  private boolean overdue;
  private long waitedForReader;
  private long waitingSince; // 0 while the reader takes what is written

  /** What a connection is doing. */
  enum Phase {
    /** Nothing of a next request is there. */
    IDLE,
    /** A head is coming in, or the rest of a body that was refused. */
    HEAD,
    /** A body is coming in. */
    BODY,
    /** The request is whole; its answer is made and written. */
    ANSWER
  }

  Connection(SocketBufferHandler buffers) {
    super(buffers);
  }

  Phase phase() {
    return phase;
  }

  /** How long the phase has lasted. */
  Duration inPhase() {
    return Duration.ofNanos(System.nanoTime() - since);
  }

  /** The head is whole. */
  synchronized void receive() {
    departed = false;
    overdue = false;
    waitedForReader = 0;
    waitingSince = 0;
    enter(Phase.BODY);
  }

  /** The body is whole too, and the calling thread makes the answer. */
  synchronized void answer() {
    thread = Thread.currentThread();
    enter(Phase.ANSWER);
  }

  /**
   * The answer is written.
   *
   * @return whether the client had left before
   */
  synchronized boolean finish() {
    thread = null;
    enter(Phase.IDLE);
    if (departed) {
      Thread.interrupted(); // what told the thread so must not reach its next request
    }
    return departed;
  }

  private void enter(Phase next) {
    phase = next;
    since = System.nanoTime();
  }

  synchronized boolean hasDeparted() {
    return departed;
  }

  /** Whether the body did not come in time. */
  synchronized boolean isOverdue() {
    return overdue;
  }

  /** How long the answer has waited for its reader, all in all. */
  synchronized Duration waitedForReader() {
    long now = waitingSince == 0 ? 0 : System.nanoTime() - waitingSince;
    return Duration.ofNanos(waitedForReader + now);
  }

  /** Takes nothing more from the client. */
  synchronized void endInput() {
    overdue = phase == Phase.BODY;
    try {
      socket().shutdownInput();
    } catch (IOException | RuntimeException _) {
      // it is closed already
    }
  }

  /** Gives the answer up: nobody takes it. */
  synchronized void depart() {
    if (phase != Phase.ANSWER || departed) {
      return;
    }
    departed = true;
    try {
      socket().setOption(StandardSocketOptions.SO_LINGER, 0); // what is unsent is dropped
      socket().shutdownInput();
      socket().shutdownOutput();
    } catch (IOException | RuntimeException _) {
      // it is closed already
    }
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Whether the client has closed its side. What else it sent is kept for the next request. */
  synchronized boolean hasEnded(ByteBuffer scratch) {
    if (ahead != null && ahead.remaining() >= MOST_AHEAD) {
      return false;
    }
    try {
      scratch.clear();
      int read = super.read(scratch);
      if (read > 0) {
        keep(scratch.flip());
      }
      return read < 0;
    } catch (IOException _) {
      return true;
    }
  }

  private void keep(ByteBuffer bytes) {
    int before = ahead == null ? 0 : ahead.remaining();
    ByteBuffer both = ByteBuffer.allocate(before + bytes.remaining());
    if (ahead != null) {
      both.put(ahead);
    }
    ahead = both.put(bytes).flip();
  }

  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    if (ahead != null) {
      int count = Math.min(ahead.remaining(), target.remaining());
      target.put(ahead.slice(ahead.position(), count));
      ahead.position(ahead.position() + count);
      ahead = ahead.hasRemaining() ? ahead : null;
      return count;
    }
    int read = super.read(target);
    if (read > 0 && phase == Phase.IDLE) {
      enter(Phase.HEAD);
    }
    return read;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int written = super.write(source);
    if (source.hasRemaining() || waitingSince != 0) {
      awaitReader(source.hasRemaining());
    }
    return written;
  }

  private synchronized void awaitReader(boolean waits) {
    long now = System.nanoTime();
    if (waits && waitingSince == 0) {
      waitingSince = now;
    } else if (!waits) {
      waitedForReader += now - waitingSince;
      waitingSince = 0;
    }
  }

  private SocketChannel socket() {
    return getIOChannel();
  }
}
