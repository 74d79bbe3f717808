package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A GGUF model in one file or in several: {@code name-00001-of-00003.gguf} and its siblings, each
 * with tensors of its own. The metadata {@code split.count} says how many there are, {@code
 * split.no} which one it is, from 0, and {@code split.tensors.count} how many tensors all have
 * together; the first has all other metadata.
 */
final class GgufParts {

  private static final String COUNT = "split.count";
  private static final String TENSORS = "split.tensors.count";
  private static final int MAX_PARTS = 1_000;
  private static final int MOST_NAMED = 5; // of parts that are missing
  private static final Pattern NAME = Pattern.compile("(.+)-\\d{5}-of-(\\d{5})\\.gguf");

  private GgufParts() {}

  /**
   * Reads the headers of a model, as {@link Gguf#read}.
   *
   * @param file the first part, or the only one
   * @param wanted which keys of the metadata are kept, beside those about parts
   * @throws InvalidCheckpoint if it is another part, or parts are missing or not of one model
   */
  static Gguf read(Path file, Predicate<String> wanted) throws IOException {
    Predicate<String> kept = wanted.or(key -> key.startsWith("split."));
    Gguf first = Gguf.read(file, kept);
    int count = count(first);
    if (count <= 1) {
      return first;
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(first.tensors());
    List<Path> files = files(file, first.metadata(), count);
    requireAll(file, files);
    for (int i = 1; i < count; i++) {
      Gguf other = Gguf.read(files.get(i), kept);
      if (count(other) != count || number(other) != i) {
        throw other
            .metadata()
            .invalid("it is not part %d of %d of %s".formatted(i + 1, count, file.getFileName()));
      }
      for (StoredTensor tensor : other.tensors().values()) {
        if (tensors.put(tensor.name(), tensor) != null) {
          throw other
              .metadata()
              .invalid("tensor %s is in another part too".formatted(quote(tensor.name())));
        }
      }
    }
    int promised = first.metadata().optionalIndex(TENSORS).orElse(tensors.size());
    if (promised != tensors.size()) {
      throw first
          .metadata()
          .invalid(
              "%s is %d, but its %d parts have %d tensors"
                  .formatted(TENSORS, promised, count, tensors.size()));
    }
    return new Gguf(first.metadata(), tensors);
  }

  private static void requireAll(Path file, List<Path> files) throws InvalidCheckpoint {
    List<String> missing =
        files.stream()
            .filter(part -> !Files.isRegularFile(part))
            .map(part -> String.valueOf(part.getFileName()))
            .toList();
    if (!missing.isEmpty()) {
      throw new InvalidCheckpoint(
          "%s is one of %d parts, of which %d are missing: %s"
              .formatted(file, files.size(), missing.size(), first(missing)));
    }
  }

  private static String first(List<String> names) {
    int shown = Math.min(names.size(), MOST_NAMED);
    return String.join(", ", names.subList(0, shown)) + (shown < names.size() ? ", …" : "");
  }

  /** The files that are called like parts of the same model, as far as they exist. */
  static List<Path> existing(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      return List.of(file);
    }
    int count = Math.min(Integer.parseInt(name.group(2)), MAX_PARTS);
    return files(file, name.group(1), count).stream().filter(Files::isRegularFile).toList();
  }

  private static List<Path> files(Path file, String name, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> file.resolveSibling("%s-%05d-of-%05d.gguf".formatted(name, i, count)))
        .toList();
  }

  private static int count(Gguf part) throws InvalidCheckpoint {
    int count = part.metadata().optionalIndex(COUNT).orElse(1);
    if (count > MAX_PARTS) {
      throw part.metadata()
          .invalid("%s is %d; at most %d is possible".formatted(COUNT, count, MAX_PARTS));
    }
    return count;
  }

  private static int number(Gguf part) throws InvalidCheckpoint {
    return part.metadata().optionalIndex("split.no").orElse(0);
  }

  private static List<Path> files(Path file, GgufMetadata metadata, int count)
      throws InvalidCheckpoint {
    int number = metadata.optionalIndex("split.no").orElse(0);
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      throw metadata.invalid(
          "it is part %d of %d, but is not called *-%05d-of-%05d.gguf, so the others cannot be found"
              .formatted(number + 1, count, number + 1, count));
    }
    List<Path> files = files(file, name.group(1), count);
    if (number != 0) {
      throw metadata.invalid(
          "it is part %d of %d; the model is %s"
              .formatted(number + 1, count, files.getFirst().getFileName()));
    }
    return files;
  }
}
