package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * A repository in the cache folder of Hugging Face's own clients: {@code
 * models--org--name/snapshots/<commit>/}, with {@code refs/<revision>} naming the commit.
 */
final class HubCacheSource implements ModelSource {

  private final String repository;
  private final Path snapshot;
  private final List<CatalogFile> known;

  private HubCacheSource(String repository, Path snapshot, List<CatalogFile> known) {
    this.repository = repository;
    this.snapshot = snapshot;
    this.known = known;
  }

  /** The repository, if the cache has this revision of it. */
  static Optional<HubCacheSource> find(
      Path cache, String repository, String revision, List<CatalogFile> known) {
    Path folder = cache.resolve("models--" + repository.replace("/", "--"));
    return commit(folder, revision)
        .map(commit -> folder.resolve("snapshots").resolve(commit))
        .filter(Files::isDirectory)
        .map(snapshot -> new HubCacheSource(repository, snapshot, known));
  }

  private static Optional<String> commit(Path folder, String revision) {
    Path reference = folder.resolve("refs").resolve(revision);
    try (InputStream in = Files.newInputStream(reference)) {
      String commit = new String(in.readNBytes(100), StandardCharsets.UTF_8);
      return Optional.of(commit.strip()).filter(c -> c.matches("[0-9a-f]{7,64}"));
    } catch (IOException e) {
      return Optional.of(revision).filter(r -> r.matches("[0-9a-f]{7,64}"));
    }
  }

  @Override
  public String description() {
    return "%s@%s in the cache %s".formatted(repository, snapshot.getFileName(), snapshot);
  }

  @Override
  public boolean remote() {
    return false;
  }

  @Override
  public long importedBytes() {
    return 0;
  }

  /* Files are links into the cache's blobs; their bytes are copied, so that the store stands alone. */
  @Override
  public Fetched fetch(Path work, Progress progress) throws IOException {
    CheckpointFolder.requireComplete(snapshot);
    Path files = work.resolve("files");
    Folders.delete(files);
    Files.createDirectories(files);
    List<String> names = HubFiles.wanted(Folders.files(snapshot));
    long total = 0;
    for (String name : names) {
      total += Files.size(snapshot.resolve(name));
    }
    DiskSpace.require(work, total);
    long done = 0;
    for (String name : names) {
      Path target = SafePath.resolve(files, name);
      Files.createDirectories(target.resolveSibling("."));
      progress.transfer("copying " + name, done, total);
      Files.copy(snapshot.resolve(name), target, StandardCopyOption.REPLACE_EXISTING);
      done += Files.size(target);
    }
    for (CatalogFile file : known) {
      if (!new Checksum.Sha256(file.sha256()).matches(files.resolve(file.path()))) {
        throw new IOException("%s has another SHA-256 than the catalogue".formatted(file.path()));
      }
    }
    return new Fetched(files, CheckpointFormat.HUGGING_FACE);
  }
}
