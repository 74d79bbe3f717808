package dev.diptych.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a stored model consists of, written into its folder last: a folder without one is not whole.
 *
 * @param source where the files came from, as {@link ModelSource#description()} has it
 * @param doubt why files may be missing that the source has; empty when there are none
 * @param obtained when
 */
record Manifest(
    String model, String source, String doubt, Instant obtained, List<StoredFile> files) {

  static final String NAME = "manifest.json";

  private static final long LARGEST = 4L << 20;
  private static final String UNSURE = "it was taken from a cache as it was";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * One file.
   *
   * @param path name in the folder, with slashes
   * @param modified its time stamp in milliseconds since 1970; another one means another look at
   *     the SHA-256
   */
  record StoredFile(String path, long size, String sha256, long modified) {

    StoredFile(@Nullable String path, long size, @Nullable String sha256, long modified) {
      this.path = Objects.requireNonNull(path, "path");
      this.size = size;
      this.sha256 = Objects.requireNonNull(sha256, "sha256");
      this.modified = modified;
    }
  }

  Manifest(
      @Nullable String model,
      @Nullable String source,
      @Nullable String doubt,
      @Nullable Instant obtained,
      @Nullable List<StoredFile> files) {
    this.model = Objects.requireNonNull(model, "model");
    this.source = Objects.requireNonNull(source, "source");
    // manifests without this field were written when nobody asked what a cache lacks
    this.doubt = doubt != null ? doubt : source.contains(" in the cache ") ? UNSURE : "";
    this.obtained = Objects.requireNonNull(obtained, "obtained");
    this.files = List.copyOf(Objects.requireNonNull(files, "files"));
  }

  /**
   * Reads every file of a folder, to its SHA-256, and has it written through to the disk. Links
   * lead to files that are not the store's, and are told by the source.
   */
  static Manifest of(String model, String source, String doubt, Path folder, Progress progress)
      throws IOException {
    long total = DiskSpace.occupied(folder);
    long done = 0;
    List<StoredFile> files = new ArrayList<>();
    for (String name : Folders.files(folder)) {
      Path file = folder.resolve(name);
      if (!name.equals(NAME) && !Files.isSymbolicLink(file)) {
        progress.percent("checking " + name).report(done, total);
        writeThrough(file);
        files.add(new StoredFile(name, Files.size(file), Checksum.sha256(file), modified(file)));
        done += Files.size(file);
      }
    }
    return new Manifest(model, source, doubt, Instant.now(), files);
  }

  /* Windows does that only with a file that is open for writing, which another's need not be. */
  private static void writeThrough(Path file) throws IOException {
    boolean writable = Files.isWritable(file);
    try (FileChannel channel =
        FileChannel.open(file, writable ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      if (writable) {
        throw e;
      }
    }
  }

  /** The manifest of a folder; null when it has none. */
  static @Nullable Manifest read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    if (Files.size(file) > LARGEST) {
      throw new IOException("%s is larger than %d bytes".formatted(file, LARGEST));
    }
    try {
      return JSON.readValue(Files.readString(file), Manifest.class);
    } catch (JacksonException e) {
      throw new IOException("%s is broken: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /** Puts the manifest into the folder, whole or not at all. */
  void write(Path folder) throws IOException {
    Path part = folder.resolve(NAME + ".part");
    Files.writeString(part, JSON.writeValueAsString(this));
    Files.move(
        part,
        folder.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  static long modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toMillis();
  }
}
