package dev.diptych.source;

import dev.diptych.checkpoint.ByteProgress;
import dev.diptych.checkpoint.GgufImporter;
import dev.diptych.checkpoint.TensorFlowBertImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Hugging Face folder: config.json, tokenizer.json and safetensors. */
final class CheckpointFolder {

  private static final String INDEX = "model.safetensors.index.json";
  private static final long LARGEST_INDEX = 64L << 20;

  private CheckpointFolder() {}

  /**
   * Checks that a folder has all that serving it takes.
   *
   * @throws IOException naming what is missing
   */
  static void requireComplete(Path folder) throws IOException {
    for (String name : List.of("config.json", "tokenizer.json")) {
      requireFile(folder, name);
    }
    if (Files.exists(folder.resolve(INDEX))) {
      for (String shard : shards(folder.resolve(INDEX))) {
        requireFile(folder, shard);
      }
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.noneMatch(file -> file.toString().endsWith(".safetensors"))) {
        throw new IOException(
            "%s has no *.safetensors (pickle files are never read)".formatted(folder));
      }
    }
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
            GgufImporter.importCheckpoint(fetched.path(), empty(target), importing(progress));
            yield target;
          }
          case TENSORFLOW_BERT -> {
            TensorFlowBertImporter.importCheckpoint(
                fetched.path(), empty(target), importing(progress));
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

  /* {"weight_map": {tensor: shard}} */
  private static List<String> shards(Path index) throws IOException {
    if (Files.size(index) > LARGEST_INDEX) {
      throw new IOException("%s is larger than %d bytes".formatted(index, LARGEST_INDEX));
    }
    try {
      JsonNode map = JsonMapper.shared().readTree(index.toFile()).path("weight_map");
      return StreamSupport.stream(map.values().spliterator(), false)
          .map(JsonNode::asString)
          .distinct()
          .toList();
    } catch (JacksonException e) {
      throw new IOException("%s is broken: %s".formatted(index, e.getOriginalMessage()), e);
    }
  }
}
