package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the header of a GGUF file of version 2 or 3 says; {@link GgufParts} joins several.
 *
 * <pre>
 * file     := "GGUF" version:uint32 tensorCount:uint64 metadataCount:uint64
 *             metadata[metadataCount] tensorInfo[tensorCount] padding data      little-endian
 * metadata := key:string type:uint32 value
 * value    := u8 (0) | i8 (1) | u16 (2) | i16 (3) | u32 (4) | i32 (5) | f32 (6) | bool (7) |
 *             string (8) | array (9) | u64 (10) | i64 (11) | f64 (12)
 * array    := elementType:uint32 length:uint64 value[length]
 * string   := length:uint64 utf8:byte[length]
 * tensorInfo := name:string dimensions:uint32 extent:uint64[dimensions] type:uint32 offset:uint64
 * </pre>
 *
 * Extents begin with the fastest-moving dimension, the reverse of a shape. Offsets count from the
 * start of data; it and they are multiples of the metadata {@code general.alignment}, 32 if absent.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the specification</a>
 */
final class Gguf {

  /** Most tensors and most metadata entries. */
  static final int MAX_ENTRIES = 100_000;

  private static final int MAGIC = 0x46554747;
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_ALIGNMENT = 1 << 16;
  private static final int DEFAULT_ALIGNMENT = 32;

  private final GgufMetadata metadata;
  private final Map<String, StoredTensor> tensors;

  Gguf(GgufMetadata metadata, Map<String, StoredTensor> tensors) {
    this.metadata = metadata;
    this.tensors = tensors;
  }

  /**
   * Reads the header of a file.
   *
   * @param wanted which keys of the metadata are kept
   * @throws InvalidCheckpoint if the file is truncated, malformed or of another version, or a
   *     tensor is of an unsupported type, not aligned, outside the file or overlaps another
   * @throws IOException if the file cannot be read
   */
  static Gguf read(Path file, Predicate<String> wanted) throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      return parse(file, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), wanted);
    }
  }

  private static Gguf parse(Path file, MemorySegment bytes, Predicate<String> wanted)
      throws InvalidCheckpoint {
    GgufCursor cursor = new GgufCursor(file, bytes);
    if (cursor.int32("the magic number") != MAGIC) {
      throw cursor.invalid("not a GGUF file: it does not begin with \"GGUF\"");
    }
    int version = cursor.int32("the version");
    if (version != 2 && version != 3) {
      throw cursor.invalid(
          "GGUF version %s; 2 and 3, little-endian, are supported"
              .formatted(Integer.toUnsignedString(version)));
    }
    int tensorCount = (int) cursor.count("the number of tensors", MAX_ENTRIES);
    int metadataCount = (int) cursor.count("the number of metadata entries", MAX_ENTRIES);
    Map<String, GgufValue> values = new LinkedHashMap<>();
    for (int i = 0; i < metadataCount; i++) {
      String key = cursor.string("metadata key " + i);
      if (!wanted.test(key)) {
        cursor.skip(key);
      } else if (values.put(key, cursor.value(key)) != null) {
        throw cursor.invalid("the metadata key %s appears twice".formatted(quote(key)));
      }
    }
    GgufMetadata metadata = new GgufMetadata(file, values);
    return new Gguf(metadata, tensors(file, cursor, tensorCount, metadata, bytes.byteSize()));
  }

  private static Map<String, StoredTensor> tensors(
      Path file, GgufCursor cursor, int count, GgufMetadata metadata, long fileBytes)
      throws InvalidCheckpoint {
    int alignment = metadata.optionalCount("general.alignment").orElse(DEFAULT_ALIGNMENT);
    if (Integer.bitCount(alignment) != 1 || alignment < 8 || alignment > MAX_ALIGNMENT) {
      throw cursor.invalid(
          "general.alignment is %d; a power of two of 8 to %d is expected"
              .formatted(alignment, MAX_ALIGNMENT));
    }
    List<StoredTensor> relative = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      relative.add(tensor(file, cursor, i, alignment));
    }
    long dataBegin = Math.ceilDiv(cursor.position(), (long) alignment) * alignment;
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    List<Extent> extents = new ArrayList<>();
    for (StoredTensor tensor : relative) {
      if (tensor.fileOffset() > fileBytes) {
        throw cursor.invalid(
            "tensor %s has the offset %d, but the file has %d bytes"
                .formatted(quote(tensor.name()), tensor.fileOffset(), fileBytes));
      }
      long offset = dataBegin + tensor.fileOffset();
      extents.add(new Extent(tensor.name(), offset, tensor.byteLength()));
      StoredTensor absolute =
          new StoredTensor(
              tensor.name(), tensor.type(), tensor.shape(), file, offset, tensor.byteLength());
      if (tensors.put(tensor.name(), absolute) != null) {
        throw cursor.invalid("tensor %s appears twice".formatted(quote(tensor.name())));
      }
    }
    Extent.requireInsideAndDisjoint(file, extents, dataBegin, fileBytes);
    return tensors;
  }

  /** A tensor with its offset still counted from the start of data. */
  private static StoredTensor tensor(Path file, GgufCursor cursor, int index, int alignment)
      throws InvalidCheckpoint {
    String name = cursor.string("the name of tensor " + index);
    String what = "tensor " + quote(name);
    int dimensions = cursor.int32("the dimensions of " + what);
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw cursor.invalid(
          "%s has %s dimensions; 1 to %d are possible"
              .formatted(what, Integer.toUnsignedString(dimensions), MAX_DIMENSIONS));
    }
    Long[] shape = new Long[dimensions];
    for (int i = dimensions - 1; i >= 0; i--) {
      shape[i] = cursor.count("an extent of " + what, Long.MAX_VALUE);
    }
    int typeId = cursor.int32("the type of " + what);
    GgmlType type =
        GgmlType.of(typeId)
            .orElseThrow(
                () ->
                    cursor.invalid(
                        "%s is of the ggml type %s; supported are %s"
                            .formatted(
                                what, GgmlType.name(typeId), Arrays.toString(GgmlType.values()))));
    long offset = cursor.count("the offset of " + what, Long.MAX_VALUE);
    if (offset % alignment != 0) {
      throw cursor.invalid(
          "%s has the offset %d, which is not a multiple of the alignment %d"
              .formatted(what, offset, alignment));
    }
    long elements = Extent.elements(file, name, List.of(shape));
    if (shape[dimensions - 1] % type.blockElements() != 0) {
      throw cursor.invalid(
          "%s has rows of %d elements, which is not a multiple of %s's block of %d"
              .formatted(what, shape[dimensions - 1], type, type.blockElements()));
    }
    if (elements / type.blockElements() > Long.MAX_VALUE / type.blockBytes()) {
      throw cursor.invalid("%s is larger than any file".formatted(what));
    }
    TensorType plain = type.plain().isPresent() ? type.plain().get() : type;
    return new StoredTensor(name, plain, List.of(shape), file, offset, type.bytes(elements));
  }

  GgufMetadata metadata() {
    return metadata;
  }

  /** The tensors by name, in the order of the file's list. */
  Map<String, StoredTensor> tensors() {
    return tensors;
  }
}
