package dev.diptych.source;

import dev.diptych.checkpoint.GgufModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A GGUF file on this machine, with its siblings if it is one of several, read where it lies. */
final class GgufFileSource implements ModelSource {

  private final Path file;
  private final long size;
  private final Instant modified;

  GgufFileSource(Path file) throws IOException {
    this.file = file;
    long bytes = 0;
    Instant last = Instant.EPOCH;
    for (Path part : GgufModel.files(file)) {
      bytes += Files.size(part);
      Instant modified = Files.getLastModifiedTime(part).toInstant();
      last = modified.isAfter(last) ? modified : last;
    }
    this.size = bytes;
    this.modified = last;
  }

  @Override
  public String description() {
    return "file %s of %s, %d bytes".formatted(file, modified, size);
  }

  @Override
  public boolean remote() {
    return false;
  }

  @Override
  public long importedBytes() {
    return 0;
  }

  @Override
  public Fetched fetch(Path work, Progress progress) {
    return new Fetched(file, CheckpointFormat.GGUF);
  }
}
