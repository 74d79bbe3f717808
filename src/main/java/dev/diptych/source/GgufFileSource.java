package dev.diptych.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A GGUF file on this machine, read where it lies. */
final class GgufFileSource implements ModelSource {

  /* a 4-bit block of 32 weights is at least 18 bytes and becomes at most 128 */
  private static final int GROWTH = 7;

  private final Path file;
  private final long size;
  private final Instant modified;

  GgufFileSource(Path file) throws IOException {
    this.file = file;
    this.size = Files.size(file);
    this.modified = Files.getLastModifiedTime(file).toInstant();
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
    return GROWTH * size;
  }

  @Override
  public Fetched fetch(Path work, Progress progress) {
    return new Fetched(file, CheckpointFormat.GGUF);
  }
}
