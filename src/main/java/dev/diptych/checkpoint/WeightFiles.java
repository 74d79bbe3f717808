package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files hold a checkpoint's weights: {@code model.safetensors}, else exactly the shards that
 * {@code model.safetensors.index.json} names, else {@code model.gguf} or its parts. Whoever lists,
 * copies or reads weights asks here.
 */
public final class WeightFiles {

  /** All weights in one file. An index beside it counts for nothing. */
  public static final String WHOLE = "model.safetensors";

  /** What names the shards. */
  public static final String INDEX = "model.safetensors.index.json";

  private static final String GGUF = "model.gguf";
  private static final Pattern FIRST_PART = Pattern.compile("model-00001-of-\\d{5}\\.gguf");

  private WeightFiles() {}

  /** Which of these files decides: {@link #WHOLE}, else {@link #INDEX}, else none. */
  public static Optional<String> decisive(Collection<String> names) {
    return List.of(WHOLE, INDEX).stream().filter(names::contains).findFirst();
  }

  /**
   * The files with the weights of a checkpoint, by their names in its folder.
   *
   * @throws InvalidCheckpoint if the folder has neither whole weights nor an index, the index is
   *     broken or names a file outside, or a file is missing
   */
  public static List<String> in(Path folder) throws IOException {
    Path whole = folder.resolve(WHOLE);
    if (Files.isRegularFile(whole)) {
      return List.of(WHOLE);
    }
    Path index = folder.resolve(INDEX);
    Optional<Path> gguf = gguf(folder);
    if (gguf.isPresent()) {
      return GgufModel.files(gguf.get()).stream()
          .map(part -> String.valueOf(part.getFileName()))
          .toList();
    }
    if (!Files.isRegularFile(index)) {
      throw new InvalidCheckpoint(
          "%s holds neither %s nor %s (pickle files are never read)"
              .formatted(folder, WHOLE, INDEX));
    }
    List<String> shards = shards(index);
    for (String shard : shards) {
      if (!Files.isRegularFile(folder.resolve(shard))) {
        throw new InvalidCheckpoint("%s names the missing file %s".formatted(index, shard));
      }
    }
    return shards;
  }

  /** The first file of a GGUF model, where a folder has no other weights. */
  public static Optional<Path> gguf(Path folder) throws IOException {
    if (Files.isRegularFile(folder.resolve(WHOLE)) || Files.isRegularFile(folder.resolve(INDEX))) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(WeightFiles::isFirstOfGguf).sorted().findFirst();
    }
  }

  private static boolean isFirstOfGguf(Path file) {
    String name = String.valueOf(file.getFileName());
    return (name.equals(GGUF) || FIRST_PART.matcher(name).matches()) && Files.isRegularFile(file);
  }

  /**
   * The shards that an index names.
   *
   * @throws InvalidCheckpoint if it is broken or names a file outside its folder
   */
  public static List<String> shards(Path index) throws IOException {
    return List.copyOf(new LinkedHashSet<>(SafetensorsIndex.read(index).values()));
  }
}
