package dev.diptych.source;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Matcher;
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
   */
  record OnHub(String repository, String revision) implements ModelReference {}

  /** A folder that holds a checkpoint. */
  record Folder(Path path) implements ModelReference {}

  /** A GGUF file. */
  record GgufFile(Path path) implements ModelReference {}

  /** What a repository on the Hub is called. */
  Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}");

  /** What a revision of it may be called. */
  Pattern REVISION = Pattern.compile("[A-Za-z0-9][\\w.-]{0,127}(/[A-Za-z0-9][\\w.-]{0,127}){0,3}");

  /**
   * Reads a setting: a name of the catalogue, else a file ending in {@code .gguf}, else a folder
   * that exists or is written as a path, else {@code org/name[@revision]}.
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
    if (model.toLowerCase(Locale.ROOT).endsWith(".gguf")) {
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
    int at = model.indexOf('@');
    String repository = at < 0 ? model : model.substring(0, at);
    String revision = at < 0 ? "main" : model.substring(at + 1);
    Matcher matcher = REPOSITORY.matcher(repository);
    if (!matcher.matches() || !REVISION.matcher(revision).matches()) {
      throw new ModelNotObtained(
          "\"%s\" names no model: it is neither in the catalogue (%s), nor org/name[@revision] on the Hub, nor a folder, nor a .gguf file"
              .formatted(model, String.join(", ", catalogued)));
    }
    return new OnHub(repository, revision);
  }

  private static Path path(String model) throws ModelNotObtained {
    try {
      return Path.of(model);
    } catch (InvalidPathException e) {
      throw new ModelNotObtained("\"%s\" names no model: %s".formatted(model, e.getReason()), e);
    }
  }
}
