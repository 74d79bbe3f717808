package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The index of a sharded checkpoint: {@code {"metadata": {…}, "weight_map": {tensor: shard}}}.
 *
 * <p>Shard names come from outside, so only names that stay in the folder are accepted.
 */
final class SafetensorsIndex {

  /** Largest index; that of the largest released models has 10 MB. */
  static final long MAX_BYTES = 32L << 20;

  /** Most tensors in all shards together. */
  private static final int MAX_TENSORS = 300_000;

  private static final String SUFFIX = ".safetensors";

  private SafetensorsIndex() {}

  /** The shard of every tensor, in the order of the index. */
  static Map<String, String> read(Path index) throws IOException {
    long bytes = Files.size(index);
    if (bytes > MAX_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; at most %d are read".formatted(index, bytes, MAX_BYTES));
    }
    Map<String, String> shardOfTensor = new LinkedHashMap<>();
    Map<String, String> shards = new HashMap<>(); // so that each name is there once
    try (InputStream json = new BufferedInputStream(Files.newInputStream(index));
        StrictJson parser = new StrictJson(index, json)) {
      parser.object(
          "the index",
          member -> {
            if (member.equals("weight_map")) {
              parser.object("weight_map", name -> entry(parser, name, shards, shardOfTensor));
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

  private static void entry(
      StrictJson parser, String name, Map<String, String> shards, Map<String, String> shardOfTensor)
      throws InvalidCheckpoint {
    String shard = parser.string("the shard of " + quote(name));
    if (!SafePath.isSafe(shard) || !shard.endsWith(SUFFIX) || shard.startsWith(".")) {
      throw parser.invalid(
          "tensor %s is said to be in %s, which is not the name of a safetensors file in the folder"
              .formatted(quote(name), quote(shard)));
    }
    if (shardOfTensor.size() == MAX_TENSORS) {
      throw parser.invalid("more than %d tensors".formatted(MAX_TENSORS));
    }
    if (shardOfTensor.put(name, shards.computeIfAbsent(shard, same -> same)) != null) {
      throw parser.invalid("tensor %s appears twice".formatted(quote(name)));
    }
  }
}
