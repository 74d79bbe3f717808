package dev.diptych.source;

import java.nio.file.Path;

/**
 * What a source has delivered.
 *
 * @param path the file of a {@link CheckpointFormat#GGUF}, else the folder of the files
 * @param doubt why files may be missing that nobody could be asked for; empty where they are not
 */
record Fetched(Path path, CheckpointFormat format, String doubt) {

  Fetched(Path path, CheckpointFormat format) {
    this(path, format, "");
  }
}
