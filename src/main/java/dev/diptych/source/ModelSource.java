package dev.diptych.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A place that has a model's files. */
interface ModelSource {

  /** What the log and the manifest call it. */
  String description();

  /** Whether asking it may leave this machine. */
  boolean remote();

  /**
   * The source that knows all files, where this one may have delivered a part of them.
   *
   * @param partial a folder with files that need not come again
   */
  default Optional<ModelSource> complete(Path partial) {
    return Optional.empty();
  }

  /** Bytes that the files take in the store once they are imported; 0 when they are kept as is. */
  long importedBytes() throws IOException;

  /**
   * Brings the files, checked, into a work folder. A call that was cut short at any moment is
   * continued by the next call with the same folder.
   *
   * @param work a folder that exists and belongs to this source and model alone
   * @throws IOException with a reason that a person can act on
   */
  Fetched fetch(Path work, Progress progress) throws IOException, InterruptedException;
}
