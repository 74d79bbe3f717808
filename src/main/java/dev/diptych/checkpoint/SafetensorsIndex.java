package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The index of a sharded checkpoint: {@code {"metadata": {…}, "weight_map": {tensor: shard}}}.
 *
 * <p>Shard names come from outside, so only plain names of safetensors files are accepted.
 */
final class SafetensorsIndex {

  static final String FILE = "model.safetensors.index.json";

  /** Most tensors in all shards together. */
  private static final int MAX_TENSORS = 1_000_000;

  private static final Pattern PLAIN_FILE_NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

  private SafetensorsIndex() {}

  /** The shard of every tensor, in the order of the index. */
  static Map<String, String> read(Path index) throws IOException {
    long bytes = Files.size(index);
    if (bytes > Safetensors.MAX_HEADER_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; at most %d are read"
              .formatted(index, bytes, Safetensors.MAX_HEADER_BYTES));
    }
    Map<String, String> shardOfTensor = new LinkedHashMap<>();
    try (StrictJson parser = new StrictJson(index, Files.readAllBytes(index))) {
      parser.object(
          "the index",
          member -> {
            if (member.equals("weight_map")) {
              parser.object("weight_map", name -> entry(parser, name, shardOfTensor));
            } else {
              parser.skip();
            }
          });
      parser.end();
    }
    if (shardOfTensor.isEmpty()) {
      throw new InvalidCheckpoint(index + " has no weight_map, or an empty one");
    }
    return shardOfTensor;
  }

  private static void entry(StrictJson parser, String name, Map<String, String> shardOfTensor)
      throws InvalidCheckpoint {
    String shard = parser.string("the shard of " + quote(name));
    if (!PLAIN_FILE_NAME.matcher(shard).matches()) {
      throw parser.invalid(
          "tensor %s is said to be in %s, which is not the plain name of a safetensors file"
              .formatted(quote(name), quote(shard)));
    }
    if (shardOfTensor.size() == MAX_TENSORS) {
      throw parser.invalid("more than %d tensors".formatted(MAX_TENSORS));
    }
    shardOfTensor.put(name, shard);
  }
}
