package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A TensorFlow checkpoint of version 2 (a "tensor bundle"), mapped into memory.
 *
 * <pre>
 * name.index                  := {@link LevelTable}: "" -> BundleHeaderProto, tensor name -> BundleEntryProto
 * name.data-SSSSS-of-NNNNN    := the bytes of the tensors of shard S, row-major
 * BundleHeaderProto := num_shards = 1, endianness = 2 (0 is little)
 * BundleEntryProto  := dtype = 1, shape = 2 { dim = 2 { size = 1 }, unknown_rank = 3 },
 *                      shard_id = 3, offset = 4, size = 5, crc32c = 6 (masked), slices = 7
 * </pre>
 *
 * @see <a
 *     href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto">
 *     tensor_bundle.proto</a>
 */
final class TensorFlowCheckpoint {

  static final String INDEX_SUFFIX = ".index";

  private static final int MAX_SHARDS = 1_000;

  /** A tensor whose bytes have the masked CRC-32C {@code checksum}. */
  private record Entry(StoredTensor tensor, int checksum) {}

  private final Path index;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<Path, MemorySegment> shards = new HashMap<>();
  private int shardCount;

  private TensorFlowCheckpoint(Path index) {
    this.index = index;
  }

  /**
   * Reads the index and maps the data files beside it. Tensors without plain elements (strings,
   * resources) are left out.
   *
   * @param arena holds the mappings
   * @throws InvalidCheckpoint if a file is missing, truncated or malformed, or tensors are outside
   *     their file, overlap, or are stored in slices
   * @throws IOException if a file cannot be read
   */
  static TensorFlowCheckpoint open(Path index, Arena arena) throws IOException {
    TensorFlowCheckpoint checkpoint = new TensorFlowCheckpoint(index);
    LevelTable.visit(index, checkpoint::entry);
    checkpoint.mapShards(arena);
    return checkpoint;
  }

  /** The tensors by name, in the order of their names. */
  Map<String, StoredTensor> tensors() {
    Map<String, StoredTensor> tensors = LinkedHashMap.newLinkedHashMap(entries.size());
    entries.forEach((name, entry) -> tensors.put(name, entry.tensor));
    return tensors;
  }

  /**
   * The bytes of a tensor, valid as long as the arena.
   *
   * @throws InvalidCheckpoint if they fail their checksum
   */
  MemorySegment bytes(String name) throws InvalidCheckpoint {
    Entry entry = entries.get(name);
    MemorySegment shard = entry == null ? null : shards.get(entry.tensor.file());
    if (entry == null || shard == null) {
      throw new IllegalArgumentException("no tensor " + quote(name));
    }
    MemorySegment bytes = shard.asSlice(entry.tensor.fileOffset(), entry.tensor.byteLength());
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += Integer.MAX_VALUE) {
      long length = Math.min(Integer.MAX_VALUE, bytes.byteSize() - at);
      crc.update(bytes.asSlice(at, length).asByteBuffer());
    }
    if (LevelTable.maskedChecksum(crc) != entry.checksum) {
      throw new InvalidCheckpoint(
          "%s: tensor %s fails its checksum".formatted(entry.tensor.file(), quote(name)));
    }
    return bytes;
  }

  private void entry(byte[] key, ByteBuffer value) throws InvalidCheckpoint {
    ProtobufReader message = new ProtobufReader(index, value);
    if (key.length == 0) {
      header(message);
      return;
    }
    if (shardCount == 0) {
      throw invalid("the header is missing");
    }
    String name = new String(key, StandardCharsets.UTF_8);
    long type = 0;
    long shard = 0;
    long offset = 0;
    long size = 0;
    int checksum = 0;
    List<Long> shape = List.of();
    for (int field = message.next(); field != 0; field = message.next()) {
      switch (field) {
        case 1 -> type = message.varint();
        case 2 -> shape = shape(name, message.message());
        case 3 -> shard = message.varint();
        case 4 -> offset = message.varint();
        case 5 -> size = message.varint();
        case 6 -> checksum = message.fixed32();
        case 7 -> throw invalid("tensor %s is stored in slices".formatted(quote(name)));
        default -> message.skip();
      }
    }
    Optional<ElementType> elementType = elementType(type);
    if (elementType.isEmpty()) {
      return;
    }
    long expected = Extent.bytes(index, name, elementType.get(), shape);
    if (size != expected || offset < 0 || shard < 0 || shard >= shardCount) {
      throw invalid(
          "tensor %s (%s of shape %s, %d bytes) has %d bytes at offset %d of shard %d of %d"
              .formatted(
                  quote(name),
                  elementType.get(),
                  shape,
                  expected,
                  size,
                  offset,
                  shard,
                  shardCount));
    }
    StoredTensor tensor =
        new StoredTensor(name, elementType.get(), shape, dataFile((int) shard), offset, size);
    if (entries.put(name, new Entry(tensor, checksum)) != null) {
      throw invalid("tensor %s appears twice".formatted(quote(name)));
    }
  }

  private void header(ProtobufReader message) throws InvalidCheckpoint {
    long count = 0;
    for (int field = message.next(); field != 0; field = message.next()) {
      switch (field) {
        case 1 -> count = message.varint();
        case 2 -> {
          if (message.varint() != 0) {
            throw invalid("big-endian checkpoints are not supported");
          }
        }
        default -> message.skip();
      }
    }
    if (count < 1 || count > MAX_SHARDS) {
      throw invalid("%d shards; 1 to %d are possible".formatted(count, MAX_SHARDS));
    }
    shardCount = (int) count;
  }

  private List<Long> shape(String name, ProtobufReader message) throws InvalidCheckpoint {
    List<Long> shape = new ArrayList<>();
    for (int field = message.next(); field != 0; field = message.next()) {
      if (field != 2) {
        message.skip();
        continue;
      }
      if (shape.size() == Extent.MAX_DIMENSIONS) {
        throw invalid(
            "tensor %s has more than %d dimensions".formatted(quote(name), Extent.MAX_DIMENSIONS));
      }
      long size = 0;
      ProtobufReader dimension = message.message();
      for (int inner = dimension.next(); inner != 0; inner = dimension.next()) {
        if (inner == 1) {
          size = dimension.varint();
        } else {
          dimension.skip();
        }
      }
      shape.add(size);
    }
    return shape;
  }

  /** TensorFlow's {@code DataType}. */
  private static Optional<ElementType> elementType(long type) {
    return switch ((int) type) {
      case 1 -> Optional.of(ElementType.F32);
      case 2 -> Optional.of(ElementType.F64);
      case 3 -> Optional.of(ElementType.I32);
      case 4 -> Optional.of(ElementType.U8);
      case 5 -> Optional.of(ElementType.I16);
      case 6 -> Optional.of(ElementType.I8);
      case 9 -> Optional.of(ElementType.I64);
      case 10 -> Optional.of(ElementType.BOOL);
      case 14 -> Optional.of(ElementType.BF16);
      case 19 -> Optional.of(ElementType.F16);
      default -> Optional.empty();
    };
  }

  private Path dataFile(int shard) {
    String name = String.valueOf(index.getFileName());
    String prefix = name.substring(0, name.length() - INDEX_SUFFIX.length());
    return index.resolveSibling("%s.data-%05d-of-%05d".formatted(prefix, shard, shardCount));
  }

  private void mapShards(Arena arena) throws IOException {
    Map<Path, List<Extent>> extents = new LinkedHashMap<>();
    for (Entry entry : entries.values()) {
      StoredTensor tensor = entry.tensor;
      extents
          .computeIfAbsent(tensor.file(), _ -> new ArrayList<>())
          .add(new Extent(tensor.name(), tensor.fileOffset(), tensor.byteLength()));
    }
    for (Map.Entry<Path, List<Extent>> shard : extents.entrySet()) {
      Path file = shard.getKey();
      if (!Files.isRegularFile(file)) {
        throw new InvalidCheckpoint("%s names the missing file %s".formatted(index, file));
      }
      try (FileChannel channel = FileChannel.open(file)) {
        Extent.requireInsideAndDisjoint(file, shard.getValue(), 0, channel.size());
        shards.put(file, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
      }
    }
  }

  private InvalidCheckpoint invalid(String problem) {
    return new InvalidCheckpoint(index + ": " + problem);
  }
}
