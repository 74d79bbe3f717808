package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What looks at the small files of an imported checkpoint before its weights are written: who will
 * read the folder refuses it here and not after gigabytes.
 */
@FunctionalInterface
public interface FolderCheck {

  /**
   * Reads the configuration.
   *
   * @throws IOException if such a checkpoint cannot be served
   */
  void check(Path folder) throws IOException;
}
