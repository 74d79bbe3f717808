package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reader for an immutable LevelDB table, as TensorFlow uses it for the index of a checkpoint.
 *
 * <pre>
 * file    := block… metaindex:block index:block footer
 * block   := content compression:byte crc32c:uint32      masked, over content and compression
 * content := entry… restart:uint32[n] n:uint32           little-endian
 * entry   := shared:varint unshared:varint valueLength:varint key:byte[unshared] value
 * handle  := offset:varint size:varint                   size is that of content
 * footer  := metaindex:handle index:handle padding, 40 bytes, then the magic number in 8
 * </pre>
 *
 * A key continues the first {@code shared} bytes of the key before it. The values of the index
 * block are the handles of the data blocks.
 *
 * @see <a href="https://github.com/google/leveldb/blob/main/doc/table_format.md">the format</a>
 */
final class LevelTable {

  /** Largest table; the index of a large model takes a few hundred kilobytes. */
  static final long MAX_BYTES = 8L << 20;

  /** Most entries. */
  static final int MAX_ENTRIES = 100_000;

  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final int MAX_KEY_BYTES = 512;

  @FunctionalInterface
  interface Visitor {
    void entry(byte[] key, ByteBuffer value) throws InvalidCheckpoint;
  }

  private final Path file;
  private final byte[] bytes;
  private int entries;
  private long dataEnd;

  private LevelTable(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * Visits all entries in the order of their keys.
   *
   * @throws InvalidCheckpoint if the table is truncated, malformed, compressed or fails a checksum
   */
  static void visit(Path file, Visitor visitor) throws IOException {
    long size = Files.size(file);
    if (size < FOOTER_BYTES || size > MAX_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; a checkpoint index has %d to %d"
              .formatted(file, size, FOOTER_BYTES, MAX_BYTES));
    }
    new LevelTable(file, Files.readAllBytes(file)).visit(visitor);
  }

  private void visit(Visitor visitor) throws InvalidCheckpoint {
    ByteBuffer footer = slice(bytes.length - FOOTER_BYTES, FOOTER_BYTES);
    if (footer.getLong(FOOTER_BYTES - Long.BYTES) != MAGIC) {
      throw invalid("not a TensorFlow checkpoint index: the magic number is missing");
    }
    ByteBuffer _ = block(footer.duplicate());
    long _ = Varint.read(file, footer);
    long _ = Varint.read(file, footer);
    visitBlock(block(footer), (_, handle) -> visitBlock(dataBlock(handle), visitor));
  }

  private void visitBlock(ByteBuffer content, Visitor visitor) throws InvalidCheckpoint {
    byte[] key = new byte[0];
    while (content.hasRemaining()) {
      long shared = Varint.read(file, content);
      long unshared = Varint.read(file, content);
      long valueLength = Varint.read(file, content);
      if (shared < 0
          || shared > key.length
          || unshared < 0
          || unshared > MAX_KEY_BYTES - shared
          || unshared > content.remaining()
          || valueLength < 0
          || valueLength > content.remaining() - unshared) {
        throw invalid(
            "malformed entry: %d + %d bytes of key and %d of value where %d are left"
                .formatted(shared, unshared, valueLength, content.remaining()));
      }
      if (entries++ == MAX_ENTRIES) {
        throw invalid("more than %d entries".formatted(MAX_ENTRIES));
      }
      key = Arrays.copyOf(key, (int) (shared + unshared));
      content.get(key, (int) shared, (int) unshared);
      visitor.entry(key, content.slice(content.position(), (int) valueLength));
      content.position(content.position() + (int) valueLength);
    }
  }

  /** A data block; they lie in the file in the order of the index, so none is visited twice. */
  private ByteBuffer dataBlock(ByteBuffer handle) throws InvalidCheckpoint {
    ByteBuffer copy = handle.duplicate();
    long offset = Varint.read(file, copy);
    long size = Varint.read(file, copy);
    if (offset < dataEnd) {
      throw invalid("the block at %d overlaps one that ends at %d".formatted(offset, dataEnd));
    }
    ByteBuffer block = block(handle);
    dataEnd = offset + size + TRAILER_BYTES;
    return block;
  }

  /** The entries of the block that a handle points at. */
  private ByteBuffer block(ByteBuffer handle) throws InvalidCheckpoint {
    long offset = Varint.read(file, handle);
    long size = Varint.read(file, handle);
    long limit = (long) bytes.length - FOOTER_BYTES;
    if (offset < 0
        || size < Integer.BYTES
        || offset > limit
        || size > limit - offset - TRAILER_BYTES) {
      throw invalid("a block of %d bytes at %d reaches beyond the file".formatted(size, offset));
    }
    ByteBuffer block = slice((int) offset, (int) size + TRAILER_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(block.slice(0, (int) size + 1));
    if (maskedChecksum(crc) != block.getInt((int) size + 1)) {
      throw invalid("the block at %d fails its checksum".formatted(offset));
    }
    byte compression = block.get((int) size);
    if (compression != 0) {
      throw invalid(
          "the block at %d is compressed (kind %d); only uncompressed indexes are supported"
              .formatted(offset, compression));
    }
    long restarts = Integer.toUnsignedLong(block.getInt((int) size - Integer.BYTES));
    long restartBytes = (restarts + 1) * Integer.BYTES;
    if (restartBytes > size) {
      throw invalid(
          "the block at %d has %d restarts in %d bytes".formatted(offset, restarts, size));
    }
    return block.slice(0, (int) (size - restartBytes));
  }

  /** The checksum as LevelDB and TensorFlow store it. */
  static int maskedChecksum(CRC32C crc) {
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private ByteBuffer slice(int offset, int length) {
    return ByteBuffer.wrap(bytes).slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private InvalidCheckpoint invalid(String problem) {
    return new InvalidCheckpoint(file + ": " + problem);
  }
}
