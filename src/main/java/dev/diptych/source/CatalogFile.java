package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of a catalogued model.
 *
 * @param path its name in the model's folder
 * @param entry its name in the archive; empty for a file of the Hub
 * @param size bytes, 0 when only the Hub knows
 * @param sha256 64 lower-case hexadecimal digits
 */
record CatalogFile(String path, String entry, long size, String sha256) {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  CatalogFile(@Nullable String path, @Nullable String entry, long size, @Nullable String sha256) {
    this.path = Objects.requireNonNullElse(path, "");
    this.entry = Objects.requireNonNullElse(entry, "");
    this.size = size;
    this.sha256 = requireSha256(this.path, sha256);
    if (!SafePath.isSafe(this.path)) {
      throw new IllegalArgumentException("\"%s\" is no name for a file".formatted(this.path));
    }
  }

  static String requireSha256(String of, @Nullable String sha256) {
    if (sha256 == null || !SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "the sha256 of %s must be 64 lower-case hexadecimal digits, not %s"
              .formatted(of, sha256));
    }
    return sha256;
  }
}
