package dev.diptych.source;

import java.nio.file.Path;

/**
 * What a source has delivered.
 *
 * @param path the file of a {@link CheckpointFormat#GGUF}, else the folder of the files
 */
record Fetched(Path path, CheckpointFormat format) {}
