package dev.diptych.source;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.aether.spi.connector.transport.GetTask;
import org.eclipse.aether.spi.connector.transport.TransportListener;
import org.eclipse.aether.spi.connector.transport.Transporter;
import org.eclipse.aether.transfer.TransferCancelledException;

/** One file of a Maven repository, continued where a killed process left it. */
final class MavenDownload {

  /*
   * The transport writes "<part>.<number>.tmp" and renames it when the file is whole. It continues a
   * file that is called <part> already, so what a killed process left gets that name first.
   */

  private static final int MOST_TRIES = 3;

  private final Transporter transporter;
  private final URI location;
  private final long size;
  private final Progress progress;

  /**
   * @param location of the file, relative to the repository
   * @param size bytes of the file; more are not taken
   */
  MavenDownload(Transporter transporter, URI location, long size, Progress progress) {
    this.transporter = transporter;
    this.location = location;
    this.size = size;
    this.progress = progress;
  }

  /**
   * Brings the file. What is left of an earlier one is continued; where that leads to another file
   * than the wanted one, it is fetched from the beginning.
   */
  void fetch(Path part, ArchiveSource.Check checked) throws Exception {
    adoptLeftovers(part);
    long left = size(part);
    if (left == size && checked.test(part)) {
      return;
    }
    if (left >= size) {
      Files.delete(part);
    }
    goOn(part);
    if (left > 0 && !checked.test(part)) {
      Files.delete(part);
      goOn(part);
    }
  }

  private static void adoptLeftovers(Path part) throws IOException {
    List<Path> leftovers;
    try (Stream<Path> files = Files.list(part.resolveSibling("."))) {
      String name = part.getFileName() + ".";
      leftovers = files.filter(f -> f.getFileName().toString().startsWith(name)).toList();
    }
    for (Path leftover : leftovers) {
      if (size(leftover) > size(part)) {
        Files.move(leftover, part, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.delete(leftover);
      }
    }
  }

  private void goOn(Path part) throws Exception {
    for (int tries = 1; ; tries++) {
      try {
        transporter.get(
            new GetTask(location).setDataFile(part.toFile(), true).setListener(listener()));
        return;
      } catch (IOException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
        progress.say("the connection broke, trying again");
      }
    }
  }

  private TransportListener listener() {
    String what = "downloading " + Path.of(location.getPath()).getFileName();
    return new TransportListener() {
      private long done;

      @Override
      public void transportStarted(long offset, long length) {
        done = offset;
      }

      @Override
      public void transportProgressed(ByteBuffer data) throws TransferCancelledException {
        done += data.remaining();
        if (done > size) {
          throw new TransferCancelledException(
              "%s is longer than the %d bytes announced".formatted(location, size));
        }
        progress.transfer(what, done, size);
      }
    };
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
