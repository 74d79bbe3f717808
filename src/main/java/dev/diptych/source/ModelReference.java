package dev.diptych.source;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;

/** A model as a setting names it. */
sealed interface ModelReference {

  /** A name in the catalogue. */
  record Catalogued(String name) implements ModelReference {}

  /**
   * A repository on the Hub.
   *
   * @param repository {@code org/name}
   * @param revision branch, tag or commit
   * @param quantisation which of several GGUF models is meant; empty for none in particular
   */
  record OnHub(String repository, String revision, String quantisation) implements ModelReference {

    OnHub(String repository, String revision) {
      this(repository, revision, "");
    }
  }

  /** A folder that holds a checkpoint. */
  record Folder(Path path) implements ModelReference {}

  /** A GGUF file. */
  record GgufFile(Path path) implements ModelReference {}

  /** What a repository on the Hub is called. */
  Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}");

  /** What a revision of it may be called. */
  Pattern REVISION = Pattern.compile("[A-Za-z0-9][\\w.-]{0,127}(/[A-Za-z0-9][\\w.-]{0,127}){0,3}");

  /** What a GGUF model among several may be called. */
  Pattern QUANTISATION =
      Pattern.compile("[A-Za-z0-9][\\w.-]{0,127}(/[A-Za-z0-9][\\w.-]{0,127}){0,3}");

  /**
   * Reads a setting: a name of the catalogue, else a file ending in {@code .gguf}, else a folder
   * that exists or is written as a path, else {@code org/name[@revision][:quantisation]}.
   *
   * @throws ModelNotObtained when it is none of these
   */
  static ModelReference parse(String setting, Collection<String> catalogued)
      throws ModelNotObtained {
    String model = setting.strip();
    if (catalogued.contains(model)) {
      return new Catalogued(model);
    }
    Path path = path(model);
    boolean onHub = model.indexOf(':') > 0 && !path.isAbsolute();
    if (model.toLowerCase(Locale.ROOT).endsWith(".gguf") && !(onHub && Files.notExists(path))) {
      if (!Files.isRegularFile(path)) {
        throw new ModelNotObtained("there is no file " + path.toAbsolutePath());
      }
      return new GgufFile(path.toAbsolutePath().normalize());
    }
    if (!model.isEmpty() && Files.isDirectory(path)) {
      return new Folder(path.toAbsolutePath().normalize());
    }
    if (path.isAbsolute() || model.startsWith(".")) {
      throw new ModelNotObtained("there is no folder " + path.toAbsolutePath().normalize());
    }
    return onHub(model, catalogued);
  }

  private static ModelReference onHub(String model, Collection<String> catalogued)
      throws ModelNotObtained {
    int colon = model.indexOf(':');
    String place = colon < 0 ? model : model.substring(0, colon);
    String quantisation = colon < 0 ? "" : model.substring(colon + 1);
    int at = place.indexOf('@');
    String repository = at < 0 ? place : place.substring(0, at);
    String revision = at < 0 ? "main" : place.substring(at + 1);
    boolean known =
        REPOSITORY.matcher(repository).matches() && REVISION.matcher(revision).matches();
    if (!known || (colon >= 0 && !QUANTISATION.matcher(quantisation).matches())) {
      throw new ModelNotObtained(
          "\"%s\" names no model: it is neither in the catalogue (%s), nor org/name[@revision][:quantisation] on the Hub, nor a folder, nor a .gguf file"
              .formatted(model, String.join(", ", catalogued)));
    }
    return new OnHub(repository, revision, quantisation);
  }

  private static Path path(String model) throws ModelNotObtained {
    try {
      return Path.of(model);
    } catch (InvalidPathException e) {
      throw new ModelNotObtained("\"%s\" names no model: %s".formatted(model, e.getReason()), e);
    }
  }
}
