package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** Turns a GGUF file into a Hugging Face folder. */
public final class GgufImporter {

  private GgufImporter() {}

  public static void importCheckpoint(Path ggufFile, Path targetFolder, ByteProgress progress)
      throws IOException {
    progress.report(0, 1);
    if (java.nio.file.Files.isDirectory(targetFolder)) {
      throw new InvalidCheckpoint("cannot import %s into %s yet".formatted(ggufFile, targetFolder));
    }
  }
}
