package dev.diptych.source;

import dev.diptych.source.HubListing.HubFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A repository in the cache folder of Hugging Face's own clients, as far as they have needed it:
 * {@code models--org--name/snapshots/<commit>/}, with {@code refs/<revision>} naming the commit.
 *
 * @param snapshot links into the cache's blobs
 */
record HubCopy(Path snapshot) {

  /** The repository, if the cache has this revision of it. */
  static Optional<HubCopy> find(Path cache, ModelReference.OnHub reference) {
    Path folder = cache.resolve("models--" + reference.repository().replace("/", "--"));
    return commit(folder, reference.revision())
        .map(commit -> folder.resolve("snapshots").resolve(commit))
        .filter(Files::isDirectory)
        .map(HubCopy::new);
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

  /** A file that is the listed one, to its checksum. */
  Optional<Path> find(HubFile file) throws IOException {
    Path copy = snapshot.resolve(file.path());
    Checksum checksum = file.checksum();
    boolean same =
        checksum != null
            && Files.isRegularFile(copy)
            && (file.size() < 0 || Files.size(copy) == file.size())
            && checksum.matches(copy);
    return same ? Optional.of(copy) : Optional.empty();
  }
}
