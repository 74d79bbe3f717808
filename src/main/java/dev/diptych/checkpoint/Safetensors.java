package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * offsets := counted from the start of data; the tensors cover data without holes or overlaps
 * </pre>
 *
 * A folder holds either {@code model.safetensors} or {@code model.safetensors.index.json}, whose
 * {@code weight_map} names the shard of every tensor.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
public final class Safetensors {

  /** Name of the file of a checkpoint that is not sharded. */
  static final String SINGLE_FILE = "model.safetensors";

  /** Largest header and largest index in bytes; the reference implementation has the same limit. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = Long.BYTES;

  private Safetensors() {}

  /**
   * Finds the tensors of one file, in the order of their bytes.
   *
   * @throws InvalidCheckpoint if the file is truncated, malformed or inconsistent, or a tensor is
   *     not aligned to its element size
   * @throws IOException if the file cannot be read
   */
  public static Map<String, StoredTensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long fileBytes = channel.size();
      long headerBytes = headerLength(file, channel, fileBytes);
      byte[] header = bytes(file, channel, LENGTH_BYTES, (int) headerBytes).array();
      long dataBegin = LENGTH_BYTES + headerBytes;
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
    Path single = folder.resolve(SINGLE_FILE);
    if (Files.isRegularFile(single)) {
      return read(single);
    }
    Path index = folder.resolve(SafetensorsIndex.FILE);
    if (!Files.isRegularFile(index)) {
      throw new InvalidCheckpoint(
          "%s holds neither %s nor %s".formatted(folder, SINGLE_FILE, SafetensorsIndex.FILE));
    }
    return readShards(folder, index, SafetensorsIndex.read(index));
  }

  private static Map<String, StoredTensor> readShards(
      Path folder, Path index, Map<String, String> shardOfTensor) throws IOException {
    Map<String, StoredTensor> tensors = LinkedHashMap.newLinkedHashMap(shardOfTensor.size());
    for (String shard : new LinkedHashSet<>(shardOfTensor.values())) {
      Path file = folder.resolve(shard);
      if (!Files.isRegularFile(file)) {
        throw new InvalidCheckpoint("%s names the missing file %s".formatted(index, shard));
      }
      read(file)
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
