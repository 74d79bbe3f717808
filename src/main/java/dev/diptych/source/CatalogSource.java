package dev.diptych.source;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A place that the catalogue names for a model's files. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
  @JsonSubTypes.Type(value = CatalogSource.Hub.class, name = "hub"),
  @JsonSubTypes.Type(value = CatalogSource.Wheel.class, name = "wheel"),
  @JsonSubTypes.Type(value = CatalogSource.Maven.class, name = "maven")
})
sealed interface CatalogSource {

  /**
   * A repository on the Hub.
   *
   * @param files those whose SHA-256 the catalogue knows; the others are checked against what the
   *     Hub says
   */
  record Hub(String repository, String revision, List<CatalogFile> files) implements CatalogSource {

    public Hub(
        @Nullable String repository, @Nullable String revision, @Nullable List<CatalogFile> files) {
      this.repository = require("repository", repository, ModelReference.REPOSITORY);
      this.revision =
          require(
              "revision", Objects.requireNonNullElse(revision, "main"), ModelReference.REVISION);
      this.files = files == null ? List.of() : List.copyOf(files);
    }
  }

  /** A Python package whose wheel holds the files. */
  record Wheel(String packageName, String version, Archive archive) implements CatalogSource {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    @JsonCreator
    Wheel(
        @JsonProperty("package") @Nullable String packageName,
        @JsonProperty("version") @Nullable String version,
        @JsonProperty("size") long size,
        @JsonProperty("sha256") @Nullable String sha256,
        @JsonProperty("format") @Nullable CheckpointFormat format,
        @JsonProperty("imported") long imported,
        @JsonProperty("files") @Nullable List<CatalogFile> files) {
      this(
          require("package", packageName, NAME),
          require("version", version, NAME),
          Archive.of(size, sha256, "", format, imported, files));
    }
  }

  /** A Maven artifact that holds the files. */
  record Maven(String coordinates, Archive archive) implements CatalogSource {

    private static final Pattern COORDINATES = Pattern.compile("[\\w.-]+(:[\\w.-]+){2,4}");

    @JsonCreator
    Maven(
        @JsonProperty("coordinates") @Nullable String coordinates,
        @JsonProperty("size") long size,
        @JsonProperty("sha256") @Nullable String sha256,
        @JsonProperty("archive") @Nullable String nested,
        @JsonProperty("format") @Nullable CheckpointFormat format,
        @JsonProperty("imported") long imported,
        @JsonProperty("files") @Nullable List<CatalogFile> files) {
      this(
          require("coordinates", coordinates, COORDINATES),
          Archive.of(
              size, sha256, Objects.requireNonNullElse(nested, ""), format, imported, files));
    }
  }

  /**
   * A zip with a model's files.
   *
   * @param size bytes of the archive
   * @param nested name of a zip inside it that holds the files; empty when it holds them itself
   * @param imported bytes on disk after the import
   */
  record Archive(
      long size,
      String sha256,
      String nested,
      CheckpointFormat format,
      long imported,
      List<CatalogFile> files) {

    private static Archive of(
        long size,
        @Nullable String sha256,
        String nested,
        @Nullable CheckpointFormat format,
        long imported,
        @Nullable List<CatalogFile> files) {
      if (size <= 0 || format == null || files == null || files.isEmpty()) {
        throw new IllegalArgumentException("an archive needs size, format and files");
      }
      for (CatalogFile file : files) {
        if (file.entry().isEmpty() || file.size() <= 0) {
          throw new IllegalArgumentException(file.path() + " needs an entry and a size");
        }
      }
      String sum = CatalogFile.requireSha256("the archive", sha256);
      return new Archive(size, sum, nested, format, imported, List.copyOf(files));
    }

    /** Bytes of the files once they are unpacked. */
    long unpackedBytes() {
      return files.stream().mapToLong(CatalogFile::size).sum();
    }
  }

  private static String require(String field, @Nullable String value, Pattern pattern) {
    if (value == null || !pattern.matcher(value).matches()) {
      throw new IllegalArgumentException("\"%s\" is no %s".formatted(value, field));
    }
    return value;
  }
}
