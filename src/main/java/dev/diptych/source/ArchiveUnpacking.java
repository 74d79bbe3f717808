package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Takes a model's files out of a zip, or out of a zip inside a zip.
 *
 * <p>The catalogue says which entries, under which names, how long and with which SHA-256; names in
 * the archive lead nowhere and nothing longer than announced is written.
 */
final class ArchiveUnpacking {

  private static final int MOST_ENTRIES = 100_000;

  private final CatalogSource.Archive archive;
  private final Path folder;

  ArchiveUnpacking(CatalogSource.Archive archive, Path folder) {
    this.archive = archive;
    this.folder = folder;
  }

  /** The files that are not in the folder yet, or not as they should be. */
  List<CatalogFile> missing() throws IOException {
    List<CatalogFile> missing = new ArrayList<>();
    for (CatalogFile file : archive.files()) {
      Path target = SafePath.resolve(folder, file.path());
      if (!Files.isRegularFile(target)
          || Files.size(target) != file.size()
          || !new Checksum.Sha256(file.sha256()).matches(target)) {
        missing.add(file);
      }
    }
    return missing;
  }

  /** Writes the missing files, each aside first and under its name once it is checked. */
  void unpack(Path zip, Progress progress) throws IOException {
    Map<String, CatalogFile> wanted = new LinkedHashMap<>();
    for (CatalogFile file : missing()) {
      wanted.put(file.entry(), file);
    }
    try (ZipFile entries = new ZipFile(zip.toFile())) {
      if (archive.nested().isEmpty()) {
        unpackFrom(entries, wanted, progress);
      } else {
        unpackFromNested(entries, wanted, progress);
      }
    }
    if (!wanted.isEmpty()) {
      throw new IOException(
          "%s has no entry %s".formatted(zip.getFileName(), String.join(", ", wanted.keySet())));
    }
  }

  private void unpackFrom(ZipFile zip, Map<String, CatalogFile> wanted, Progress progress)
      throws IOException {
    for (CatalogFile file : List.copyOf(wanted.values())) {
      ZipEntry entry = zip.getEntry(file.entry());
      if (entry != null) {
        try (InputStream in = zip.getInputStream(entry)) {
          write(file, in, progress);
        }
        wanted.remove(file.entry());
      }
    }
  }

  private void unpackFromNested(ZipFile outer, Map<String, CatalogFile> wanted, Progress progress)
      throws IOException {
    ZipEntry nested = outer.getEntry(archive.nested());
    if (nested == null) {
      throw new IOException("%s has no entry %s".formatted(outer.getName(), archive.nested()));
    }
    try (ZipInputStream in = new ZipInputStream(outer.getInputStream(nested))) {
      int count = 0;
      for (ZipEntry entry = in.getNextEntry();
          entry != null && !wanted.isEmpty();
          entry = in.getNextEntry()) {
        if (++count > MOST_ENTRIES) {
          throw new IOException("%s has more than %d entries".formatted(nested, MOST_ENTRIES));
        }
        CatalogFile file = wanted.remove(entry.getName());
        if (file != null) {
          write(file, in, progress);
        }
      }
    }
  }

  private void write(CatalogFile file, InputStream in, Progress progress) throws IOException {
    Path target = SafePath.resolve(folder, file.path());
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Files.createDirectories(target.resolveSibling("."));
    MessageDigest digest = Checksum.digest("SHA-256");
    try (OutputStream out = Files.newOutputStream(part)) {
      long written = copy(file, in, out, digest, progress);
      if (written != file.size()) {
        throw new IOException(
            "%s ends after %d of %d bytes".formatted(file.entry(), written, file.size()));
      }
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (!sha256.equals(file.sha256())) {
      Files.delete(part);
      throw new IOException(
          "%s has the SHA-256 %s, not %s".formatted(file.entry(), sha256, file.sha256()));
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static long copy(
      CatalogFile file, InputStream in, OutputStream out, MessageDigest digest, Progress progress)
      throws IOException {
    byte[] buffer = new byte[1 << 18];
    long written = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      if (written + read > file.size()) {
        throw new IOException(
            "%s is longer than the %d bytes announced".formatted(file.entry(), file.size()));
      }
      out.write(buffer, 0, read);
      digest.update(buffer, 0, read);
      written += read;
      progress.transfer("unpacking " + file.path(), written, file.size());
    }
    return written;
  }
}
