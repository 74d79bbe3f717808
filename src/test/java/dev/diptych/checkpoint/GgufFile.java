package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A GGUF file that a test puts together. */
public final class GgufFile {

  private final LittleEndianBytes metadata = new LittleEndianBytes();
  private final LittleEndianBytes infos = new LittleEndianBytes();
  private final LittleEndianBytes data = new LittleEndianBytes();
  private int metadataCount;
  private int tensorCount;

  /** An entry whose bytes behind the type are given. */
  GgufFile entry(String key, int type, LittleEndianBytes value) {
    metadata.string(key).int32(type).raw(value.toArray());
    metadataCount++;
    return this;
  }

  public GgufFile whole(String key, int value) {
    return entry(key, 4, new LittleEndianBytes().int32(value));
  }

  public GgufFile real(String key, float value) {
    return entry(key, 6, new LittleEndianBytes().float32(value));
  }

  public GgufFile flag(String key, boolean value) {
    return entry(key, 7, new LittleEndianBytes().int8(value ? 1 : 0));
  }

  public GgufFile text(String key, String value) {
    return entry(key, 8, new LittleEndianBytes().string(value));
  }

  public GgufFile texts(String key, List<String> values) {
    LittleEndianBytes bytes = new LittleEndianBytes().int32(8).int64(values.size());
    values.forEach(bytes::string);
    return entry(key, 9, bytes);
  }

  public GgufFile wholes(String key, int... values) {
    LittleEndianBytes bytes = new LittleEndianBytes().int32(5).int64(values.length);
    for (int value : values) {
      bytes.int32(value);
    }
    return entry(key, 9, bytes);
  }

  public GgufFile reals(String key, float... values) {
    LittleEndianBytes bytes = new LittleEndianBytes().int32(6).int64(values.length);
    return entry(key, 9, bytes.raw(LittleEndianBytes.floats(values)));
  }

  /** A tensor behind the last one; the shape is row-major. */
  GgufFile tensor(String name, GgmlType type, byte[] bytes, long... shape) {
    info(name, type.id(), data.size(), shape);
    data.raw(bytes).pad(32);
    return this;
  }

  /** A float32 tensor behind the last one; the shape is row-major. */
  public GgufFile floats(String name, float[] values, long... shape) {
    return tensor(name, GgmlType.F32, LittleEndianBytes.floats(values), shape);
  }

  /** An array of booleans. */
  public GgufFile flags(String key, boolean... values) {
    LittleEndianBytes bytes = new LittleEndianBytes().int32(7).int64(values.length);
    for (boolean value : values) {
      bytes.int8(value ? 1 : 0);
    }
    return entry(key, 9, bytes);
  }

  /** The description of a tensor without its bytes. */
  public GgufFile info(String name, int type, long offset, long... shape) {
    infos.string(name).int32(shape.length);
    for (int i = shape.length - 1; i >= 0; i--) {
      infos.int64(shape[i]);
    }
    infos.int32(type).int64(offset);
    tensorCount++;
    return this;
  }

  public byte[] toArray() {
    return new LittleEndianBytes()
        .int32(0x46554747)
        .int32(3)
        .int64(tensorCount)
        .int64(metadataCount)
        .raw(metadata.toArray())
        .raw(infos.toArray())
        .pad(32)
        .raw(data.toArray())
        .toArray();
  }

  public Path write(Path file) throws IOException {
    return Files.write(file, toArray());
  }
}
