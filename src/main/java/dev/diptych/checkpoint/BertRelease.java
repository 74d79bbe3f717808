package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a BERT release.
 *
 * <pre>
 * Google's archive:            bert_config.json vocab.txt bert_model.ckpt.index bert_model.ckpt.data-…
 * a TensorFlow saved model:    assets/vocab.txt assets/model.json variables/variables.index
 *                              variables/variables.data-…
 * </pre>
 *
 * @param config {@code bert_config.json}, if there is one
 * @param savedModelConfig {@code model.json} with {@code doLowerCase}, if there is one
 */
record BertRelease(
    Path index, Path vocabulary, Optional<Path> config, Optional<Path> savedModelConfig) {

  private static final int MAX_DEPTH = 3;
  private static final int MAX_FILES = 10_000;

  /**
   * @throws InvalidCheckpoint if there is no checkpoint index or no vocabulary, or more than one
   */
  static BertRelease find(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, MAX_DEPTH)) {
      List<Path> files = walk.filter(Files::isRegularFile).limit(MAX_FILES).sorted().toList();
      return new BertRelease(
          only(folder, files, TensorFlowCheckpoint.INDEX_SUFFIX),
          only(folder, files, "vocab.txt"),
          optional(files, "bert_config.json"),
          optional(files, "model.json"));
    }
  }

  private static Path only(Path folder, List<Path> files, String suffix) throws InvalidCheckpoint {
    List<Path> found = files.stream().filter(file -> file.toString().endsWith(suffix)).toList();
    if (found.size() != 1) {
      throw new InvalidCheckpoint(
          "%s holds %d files *%s; a BERT release has one".formatted(folder, found.size(), suffix));
    }
    return found.getFirst();
  }

  private static Optional<Path> optional(List<Path> files, String name) {
    return files.stream().filter(file -> file.endsWith(name)).findFirst();
  }
}
