package dev.diptych.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The right to write one model, held against other processes; the system frees it on death. */
final class StoreLock implements Closeable {

  private static final Duration LOOK = Duration.ofMillis(200);

  private final FileChannel channel;

  private StoreLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, waiting as long as another holds it.
   *
   * @param waiting told once, before the wait
   */
  @SuppressWarnings("resource") // the lock lives as long as its channel
  static StoreLock acquire(Path file, Runnable waiting) throws IOException, InterruptedException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (attempt(channel) == null) {
        waiting.run();
        while (attempt(channel) == null) {
          Thread.sleep(LOOK);
        }
      }
      return new StoreLock(channel);
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
