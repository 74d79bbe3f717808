package dev.diptych.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/** A folder on this machine with a TensorFlow checkpoint of BERT, read where it lies. */
final class TensorFlowFolderSource implements ModelSource {

  private static final int MOST_DEPTH = 3;

  private final Path folder;
  private final long size;
  private final Instant modified;

  TensorFlowFolderSource(Path folder) throws IOException {
    this.folder = folder;
    this.size = DiskSpace.occupied(folder);
    this.modified = Files.getLastModifiedTime(folder).toInstant();
  }

  /** Whether the folder has the index of such a checkpoint. */
  static boolean accepts(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, MOST_DEPTH)) {
      return files.anyMatch(file -> file.toString().endsWith(".index"));
    }
  }

  @Override
  public String description() {
    return "folder %s of %s, %d bytes".formatted(folder, modified, size);
  }

  @Override
  public boolean remote() {
    return false;
  }

  @Override
  public long importedBytes() {
    return size;
  }

  @Override
  public Fetched fetch(Path work, Progress progress) {
    return new Fetched(folder, CheckpointFormat.TENSORFLOW_BERT);
  }
}
