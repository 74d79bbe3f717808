package dev.diptych.source;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes a stream from which nothing has come for a while, so that the reader does not wait on. */
final class SilenceGuard implements Closeable {

  private final Thread thread;
  private volatile long last = System.nanoTime();

  SilenceGuard(Closeable stream, Duration silence) {
    this.thread = Thread.startVirtualThread(() -> watch(stream, silence.toNanos()));
  }

  /** Something came. */
  void heard() {
    last = System.nanoTime();
  }

  private void watch(Closeable stream, long silence) {
    try {
      for (long left = silence; left > 0; left = silence - (System.nanoTime() - last)) {
        Thread.sleep(Duration.ofNanos(left));
      }
      stream.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the stream has ended
    } catch (IOException e) {
      // the reader meets the same failure
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
