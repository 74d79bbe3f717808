package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A copy of a repository that other programs have filled with what they needed. The Hub is asked
 * what it lacks; where nobody can be asked, it is taken as it is.
 */
final class HubCacheSource implements ModelSource {

  private final HubCopy copy;
  private final HubSource hub;
  private final String quantisation;
  private final List<CatalogFile> known;
  private final boolean offline;

  /**
   * @param hub completes the copy
   * @param quantisation which of several GGUF models is meant
   * @param known files whose SHA-256 is known beforehand
   */
  HubCacheSource(
      HubCopy copy, HubSource hub, String quantisation, List<CatalogFile> known, boolean offline) {
    this.copy = copy;
    this.hub = hub;
    this.quantisation = quantisation;
    this.known = known;
    this.offline = offline;
  }

  @Override
  public String description() {
    return "%s in the cache %s".formatted(hub.description(), copy.snapshot());
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
  public Optional<ModelSource> complete(Path partial) {
    return hub.complete(partial);
  }

  @Override
  public Fetched fetch(Path work, Progress progress) throws IOException, InterruptedException {
    if (offline) {
      return asItIs(work, progress, "diptych.models.offline is set");
    }
    try {
      return hub.fetch(work, progress);
    } catch (HubFailure e) {
      return asItIs(work, progress, Reason.of(e));
    }
  }

  /* Files are links into the cache's blobs; their bytes are copied, so that the store stands alone. */
  private Fetched asItIs(Path work, Progress progress, String reason) throws IOException {
    Path snapshot = copy.snapshot();
    List<String> all = Folders.files(snapshot);
    if (HubFiles.isGguf(all, quantisation)) {
      String first = GgufChoice.of(all, quantisation, snapshot.toString()).getFirst();
      return new Fetched(snapshot.resolve(first), CheckpointFormat.GGUF);
    }
    CheckpointFolder.requireComplete(snapshot);
    Path files = work.resolve("files");
    Folders.delete(files);
    Files.createDirectories(files);
    Set<String> names = HubFiles.wanted(all, snapshot);
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
    String pooling =
        names.contains(SentenceModules.FILE)
            ? ""
            : "; it has no %s, so for embeddings the pooling is a guess"
                .formatted(SentenceModules.FILE);
    return new Fetched(
        files,
        CheckpointFormat.HUGGING_FACE,
        "taken from a cache as it is, since the source could not be asked what it lacks (%s)%s"
            .formatted(reason, pooling));
  }
}
