package dev.diptych.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Room on the disk that holds the store. */
final class DiskSpace {

  private static final long MARGIN = 64L << 20;

  private DiskSpace() {}

  /**
   * Checks that there is room before anything is written.
   *
   * @param folder exists
   * @param needed bytes still to be written
   * @throws IOException with what is needed and what is free
   */
  static void require(Path folder, long needed) throws IOException {
    long missing = Math.max(0, needed) + MARGIN;
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < missing) {
      throw new IOException(
          "needs %s more on the disk of %s, which has %s left"
              .formatted(Progress.bytes(missing), folder, Progress.bytes(free)));
    }
  }

  /** Bytes of all files below a folder. */
  static long occupied(Path folder) {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
      return bytes;
    } catch (IOException | UncheckedIOException e) {
      return bytes; // files that vanish while another process works are not counted
    }
  }
}
