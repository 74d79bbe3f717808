package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** A TensorFlow checkpoint of one shard that a test puts together. */
final class TensorFlowBundle {

  private final Map<String, byte[]> entries = new TreeMap<>();
  private final LittleEndianBytes data = new LittleEndianBytes();
  private int compression;

  TensorFlowBundle() {
    entries.put("", new LittleEndianBytes().int8(0x08).varint(1).toArray());
  }

  /** An entry as it stands. */
  TensorFlowBundle entry(String name, byte[] message) {
    entries.put(name, message);
    return this;
  }

  TensorFlowBundle tensor(String name, int type, byte[] bytes, long... shape) {
    return described(name, type, data.size(), bytes.length, checksum(bytes), shape).data(bytes);
  }

  TensorFlowBundle data(byte[] bytes) {
    data.raw(bytes);
    return this;
  }

  /** The description of a tensor without its bytes. */
  TensorFlowBundle described(
      String name, int type, long offset, long size, int checksum, long... shape) {
    LittleEndianBytes dimensions = new LittleEndianBytes();
    for (long dimension : shape) {
      LittleEndianBytes message = new LittleEndianBytes().int8(0x08).varint(dimension);
      dimensions.int8(0x12).varint(message.size()).raw(message.toArray());
    }
    return entry(
        name,
        new LittleEndianBytes()
            .int8(0x08)
            .varint(type)
            .int8(0x12)
            .varint(dimensions.size())
            .raw(dimensions.toArray())
            .int8(0x20)
            .varint(offset)
            .int8(0x28)
            .varint(size)
            .int8(0x35)
            .int32(checksum)
            .toArray());
  }

  TensorFlowBundle compression(int kind) {
    compression = kind;
    return this;
  }

  /** Writes {@code prefix.index} and {@code prefix.data-00000-of-00001}; the path of the index. */
  Path write(Path folder, String prefix) throws IOException {
    Files.write(folder.resolve(prefix + ".data-00000-of-00001"), data.toArray());
    return Files.write(folder.resolve(prefix + ".index"), index());
  }

  byte[] index() {
    LittleEndianBytes content = new LittleEndianBytes();
    byte[] before = new byte[0];
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
      int mismatch = Arrays.mismatch(before, key);
      int shared = mismatch < 0 ? key.length : mismatch;
      content.varint(shared).varint(key.length - shared).varint(entry.getValue().length);
      content.raw(Arrays.copyOfRange(key, shared, key.length)).raw(entry.getValue());
      before = key;
    }
    LittleEndianBytes file = new LittleEndianBytes();
    byte[] entriesHandle = block(file, content, compression);
    byte[] metaindexHandle = block(file, new LittleEndianBytes(), 0);
    LittleEndianBytes handles =
        new LittleEndianBytes().varint(0).varint(1).varint(entriesHandle.length);
    byte[] indexHandle = block(file, handles.int8('z').raw(entriesHandle), 0);
    LittleEndianBytes footer = new LittleEndianBytes().raw(metaindexHandle).raw(indexHandle);
    footer.raw(new byte[40 - footer.size()]).int64(0xdb4775248b80fb57L);
    return file.raw(footer.toArray()).toArray();
  }

  private static byte[] block(LittleEndianBytes file, LittleEndianBytes content, int compression) {
    int offset = file.size();
    byte[] bytes = content.int32(0).int32(1).toArray();
    LittleEndianBytes checked = new LittleEndianBytes().raw(bytes).int8(compression);
    file.raw(checked.toArray()).int32(checksum(checked.toArray()));
    return new LittleEndianBytes().varint(offset).varint(bytes.length).toArray();
  }

  static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    return ((value >>> 15) | (value << 17)) + 0xa282ead8;
  }
}
