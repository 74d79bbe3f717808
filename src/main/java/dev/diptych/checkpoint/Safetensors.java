package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reader for safetensors files: finds the tensors and checks them, without touching their bytes.
 *
 * <pre>
 * file    := headerLength:uint64 header:byte[headerLength] data:byte[…]      little-endian
 * header  := JSON object, padded with blanks:
 *            { "__metadata__": { string: string, … },
 *              name: { "dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end] }, … }
 * offsets := counted from the start of data; the tensors cover data without holes or overlaps, and
 *            need not be aligned
 * </pre>
 *
 * {@link WeightFiles} says which files of a folder are read.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
public final class Safetensors {

  /** Largest header in bytes; the reference implementation has the same limit. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = Long.BYTES;

  private Safetensors() {}

  /**
   * Finds the tensors of one file, in the order of their bytes.
   *
   * @throws InvalidCheckpoint if the file is truncated, malformed or inconsistent
   * @throws IOException if the file cannot be read
   */
  public static Map<String, StoredTensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long fileBytes = channel.size();
      long headerBytes = headerLength(file, channel, fileBytes);
      long dataBegin = LENGTH_BYTES + headerBytes;
      InputStream header = new FilePart(channel, LENGTH_BYTES, dataBegin);
      List<StoredTensor> tensors = SafetensorsHeader.parse(file, header, dataBegin, fileBytes);
      Map<String, StoredTensor> ordered = LinkedHashMap.newLinkedHashMap(tensors.size());
      tensors.stream()
          .sorted(Comparator.comparingLong(StoredTensor::fileOffset))
          .forEach(tensor -> ordered.put(tensor.name(), tensor));
      return ordered;
    }
  }

  /**
   * Finds the tensors of a checkpoint folder, shard after shard in the order of the index.
   *
   * @throws InvalidCheckpoint if the folder holds no safetensors, a file is broken as in {@link
   *     #read}, or the index names a file outside the folder or a tensor that its shard lacks
   * @throws IOException if a file cannot be read
   */
  public static Map<String, StoredTensor> readFolder(Path folder) throws IOException {
    List<String> files = WeightFiles.in(folder);
    if (files.equals(List.of(WeightFiles.WHOLE))) {
      return read(folder.resolve(WeightFiles.WHOLE));
    }
    Path index = folder.resolve(WeightFiles.INDEX);
    return readShards(folder, index, files, SafetensorsIndex.read(index));
  }

  private static Map<String, StoredTensor> readShards(
      Path folder, Path index, List<String> shards, Map<String, String> shardOfTensor)
      throws IOException {
    Map<String, StoredTensor> tensors = LinkedHashMap.newLinkedHashMap(shardOfTensor.size());
    for (String shard : shards) {
      read(folder.resolve(shard))
          .forEach(
              (name, tensor) -> {
                if (shard.equals(shardOfTensor.get(name))) {
                  tensors.put(name, tensor);
                }
              });
    }
    for (Map.Entry<String, String> entry : shardOfTensor.entrySet()) {
      if (!tensors.containsKey(entry.getKey())) {
        throw new InvalidCheckpoint(
            "%s promises tensor %s in %s, which does not hold it"
                .formatted(index, quote(entry.getKey()), entry.getValue()));
      }
    }
    return tensors;
  }

  private static long headerLength(Path file, FileChannel channel, long fileBytes)
      throws IOException {
    if (fileBytes < LENGTH_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; a safetensors file has at least %d"
              .formatted(file, fileBytes, LENGTH_BYTES));
    }
    long length = bytes(file, channel, 0, LENGTH_BYTES).getLong(0);
    long limit = Math.min(MAX_HEADER_BYTES, fileBytes - LENGTH_BYTES);
    if (length < 0 || length > limit) {
      throw new InvalidCheckpoint(
          "%s announces a header of %s bytes; at most %d are possible"
              .formatted(file, Long.toUnsignedString(length), limit));
    }
    return length;
  }

  private static ByteBuffer bytes(Path file, FileChannel channel, long offset, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new InvalidCheckpoint("%s shrank while it was read".formatted(file));
      }
    }
    return buffer;
  }
}
