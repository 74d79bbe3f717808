package dev.diptych.source;

import dev.diptych.checkpoint.FolderCheck;
import dev.diptych.checkpoint.GgufModel;
import dev.diptych.model.family.GgufConfiguration;
import dev.diptych.model.family.GgufPooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder of the store for a GGUF model: its files as they lie, {@code model.gguf} or {@code
 * model-00001-of-00002.gguf} and its siblings, and what a folder of Hugging Face's has beside its
 * weights.
 */
final class GgufFolder {

  private GgufFolder() {}

  /**
   * Makes it.
   *
   * @param first the first file of the model
   * @param target an existing empty folder; after an error it holds a part of the files
   * @param owned whether the files lie in the store, from where they will vanish
   * @param check looks at the configuration
   */
  static void make(Path first, Path target, boolean owned, FolderCheck check) throws IOException {
    GgufModel model = GgufModel.read(first);
    model.writeFiles(target, GgufConfiguration.of(model));
    GgufPooling.write(model, target);
    check.check(target);
    List<Path> parts = GgufModel.files(first);
    for (int i = 0; i < parts.size(); i++) {
      String name =
          parts.size() == 1
              ? "model.gguf"
              : "model-%05d-of-%05d.gguf".formatted(i + 1, parts.size());
      bring(parts.get(i), target.resolve(name), owned);
    }
  }

  /* Links take no room; where the system has none, there is a copy. */
  private static void bring(Path file, Path target, boolean owned) throws IOException {
    if (!owned && symbolicLink(file, target)) {
      return;
    }
    try {
      Files.createLink(target, file);
    } catch (IOException | UnsupportedOperationException e) {
      DiskSpace.require(target.resolveSibling("."), Files.size(file));
      Files.copy(file, target);
    }
  }

  private static boolean symbolicLink(Path file, Path target) {
    try {
      Files.createSymbolicLink(target, file);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
