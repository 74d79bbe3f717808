package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** A model's folder in the store, compared with its manifest. Never writes but a time stamp. */
final class StoredModel {

  private StoredModel() {}

  /** What is found. */
  sealed interface Condition {

    /** Every file is as it was written. */
    record Whole(Manifest manifest) implements Condition {}

    /** There is nothing, or nothing that was ever finished. */
    record Absent() implements Condition {}

    /** Something was finished once and is no longer as it was. */
    record Damaged(String reason) implements Condition {}
  }

  /**
   * Looks at size and time stamp of every file, and reads the ones whose time stamp is not the
   * manifest's.
   */
  static Condition inspect(Path folder) throws IOException {
    Manifest manifest;
    try {
      manifest = Manifest.read(folder);
    } catch (IOException e) {
      return new Condition.Damaged(String.valueOf(e.getMessage()));
    }
    if (manifest == null) {
      return new Condition.Absent();
    }
    List<String> faults = new ArrayList<>();
    boolean stamped = true;
    for (Manifest.StoredFile file : manifest.files()) {
      Path path = SafePath.resolve(folder, file.path());
      if (!Files.isRegularFile(path)) {
        faults.add(file.path() + " is missing");
      } else if (Files.size(path) != file.size()) {
        faults.add(
            "%s has %d bytes instead of %d".formatted(file.path(), Files.size(path), file.size()));
      } else if (Manifest.modified(path) != file.modified()) {
        stamped = false;
        if (!new Checksum.Sha256(file.sha256()).matches(path)) {
          faults.add(file.path() + " was altered");
        }
      }
    }
    if (!faults.isEmpty()) {
      return new Condition.Damaged(String.join(", ", faults));
    }
    if (!stamped) {
      restamp(folder, manifest);
    }
    return new Condition.Whole(manifest);
  }

  /* Copies keep bytes but not time stamps; putting them right spares the next start the reading. */
  private static void restamp(Path folder, Manifest manifest) {
    try {
      for (Manifest.StoredFile file : manifest.files()) {
        Files.setLastModifiedTime(
            folder.resolve(file.path()), FileTime.fromMillis(file.modified()));
      }
    } catch (IOException e) {
      // a store that cannot be written is read again next time
    }
  }
}
