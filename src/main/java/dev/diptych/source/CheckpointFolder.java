package dev.diptych.source;

import dev.diptych.checkpoint.ByteProgress;
import dev.diptych.checkpoint.OlderTokenizer;
import dev.diptych.checkpoint.SafePath;
import dev.diptych.checkpoint.TensorFlowBertImporter;
import dev.diptych.checkpoint.WeightFiles;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Hugging Face folder: config.json, tokenizer.json or what it would be made of, safetensors. */
final class CheckpointFolder {

  private CheckpointFolder() {}

  /**
   * Checks that a folder has all that serving it takes.
   *
   * @throws IOException naming what is missing
   */
  static void requireComplete(Path folder) throws IOException {
    requireFile(folder, "config.json");
    if (!Files.isRegularFile(SafePath.resolve(folder, "tokenizer.json"))) {
      OlderTokenizer.require(folder);
    }
    WeightFiles.in(folder);
  }

  /**
   * Turns what a source delivered into such a folder.
   *
   * @param target where an import goes; what lies there is replaced
   * @return the delivered folder itself when it needs no import, else {@code target}
   */
  static Path of(Fetched fetched, Path target, Progress progress) throws IOException {
    Path folder =
        switch (fetched.format()) {
          case HUGGING_FACE -> fetched.path();
          case GGUF -> {
            boolean owned = fetched.path().startsWith(target.resolveSibling(".").normalize());
            GgufFolder.make(fetched.path(), empty(target), owned, BlueprintReader::read);
            yield target;
          }
          case TENSORFLOW_BERT -> {
            TensorFlowBertImporter.importCheckpoint(
                fetched.path(), empty(target), BlueprintReader::read, importing(progress));
            yield target;
          }
        };
    requireComplete(folder);
    return folder;
  }

  private static Path empty(Path target) throws IOException {
    Folders.delete(target);
    return Files.createDirectories(target);
  }

  private static ByteProgress importing(Progress progress) {
    return progress.percent("importing");
  }

  private static void requireFile(Path folder, String name) throws IOException {
    if (!Files.isRegularFile(SafePath.resolve(folder, name))) {
      throw new IOException("%s has no %s".formatted(folder, name));
    }
  }
}
