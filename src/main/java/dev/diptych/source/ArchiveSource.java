package dev.diptych.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A package of some registry whose archive holds the files; the registry's client fetches it. */
final class ArchiveSource implements ModelSource {

  /** Fetches one archive through the client of its registry. */
  interface Client {

    /** What the log calls the package. */
    String description();

    /**
     * Brings the archive.
     *
     * @param work an empty or half-used folder of this client's own
     * @param checked whether a file is the archive that is wanted
     * @return the file, inside the folder or where the client keeps its own
     */
    Path fetch(Path work, Check checked, Progress progress)
        throws IOException, InterruptedException;
  }

  /** Whether a file is the wanted one, to the last byte. */
  @FunctionalInterface
  interface Check {

    boolean test(Path file) throws IOException;
  }

  private final Client client;
  private final CatalogSource.Archive archive;

  ArchiveSource(Client client, CatalogSource.Archive archive) {
    this.client = client;
    this.archive = archive;
  }

  @Override
  public String description() {
    return client.description();
  }

  @Override
  public boolean remote() {
    return true;
  }

  @Override
  public long importedBytes() {
    return archive.imported();
  }

  @Override
  public Fetched fetch(Path work, Progress progress) throws IOException, InterruptedException {
    Path files = Files.createDirectories(work.resolve("files"));
    ArchiveUnpacking unpacking = new ArchiveUnpacking(archive, files);
    if (!unpacking.missing().isEmpty()) {
      DiskSpace.require(
          work,
          archive.size() + archive.unpackedBytes() + archive.imported() - DiskSpace.occupied(work));
      unpacking.unpack(archive(work, progress), progress);
    }
    Folders.delete(work.resolve("archive"));
    List<CatalogFile> all = archive.files();
    return new Fetched(
        archive.format() == CheckpointFormat.GGUF ? files.resolve(all.getFirst().path()) : files,
        archive.format());
  }

  private Path archive(Path work, Progress progress) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(work.resolve("archive"));
    Path kept = folder.resolve("archive.zip");
    if (Files.isRegularFile(kept) && isTheArchive(kept)) {
      return kept;
    }
    Path fetched = client.fetch(folder, this::isTheArchive, progress);
    boolean ours = fetched.startsWith(folder);
    if (!isTheArchive(fetched)) {
      String found =
          "%d bytes with the SHA-256 %s".formatted(Files.size(fetched), Checksum.sha256(fetched));
      if (ours) {
        Files.delete(fetched);
      }
      throw new IOException(
          "came as %s, not %d bytes with %s".formatted(found, archive.size(), archive.sha256()));
    }
    return ours ? Files.move(fetched, kept, StandardCopyOption.ATOMIC_MOVE) : fetched;
  }

  private boolean isTheArchive(Path file) throws IOException {
    return Files.size(file) == archive.size()
        && new Checksum.Sha256(archive.sha256()).matches(file);
  }
}
