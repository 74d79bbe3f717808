package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writer of one safetensors file ({@link Safetensors} has the layout): all tensors are declared at
 * the start, then their bytes are appended in the order of the declarations, in pieces of any size.
 *
 * <p>The file is complete only after {@link #finish()}; closing without it leaves a torso.
 */
public final class SafetensorsWriter implements Closeable {

  /** A tensor to come; the shape is row-major. */
  public record Declaration(String name, ElementType type, List<Long> shape) {
    public Declaration {
      shape = List.copyOf(shape);
    }
  }

  private static final int HEADER_ALIGNMENT = 8;

  private final Path file;
  private final FileChannel channel;
  private final List<Extent> extents;
  private final long totalBytes;
  private int current;
  private long writtenOfCurrent;

  private SafetensorsWriter(Path file, FileChannel channel, List<Extent> extents) {
    this.file = file;
    this.channel = channel;
    this.extents = extents;
    this.totalBytes = extents.stream().mapToLong(Extent::length).sum();
  }

  /**
   * Creates the file and writes its header.
   *
   * @throws IllegalArgumentException if a name is declared twice, or a tensor would not be aligned
   *     to its element size (declare the wider types first)
   * @throws IOException if the file exists or cannot be written
   */
  public static SafetensorsWriter create(Path file, List<Declaration> declarations)
      throws IOException {
    Map<String, Object> header = LinkedHashMap.newLinkedHashMap(declarations.size() + 1);
    header.put("__metadata__", JsonFile.object("format", "pt"));
    Extent[] extents = new Extent[declarations.size()];
    long offset = 0;
    for (int i = 0; i < extents.length; i++) {
      Declaration tensor = declarations.get(i);
      long bytes = Extent.bytes(file, tensor.name(), tensor.type(), tensor.shape());
      if (offset % tensor.type().bytes() != 0) {
        throw new IllegalArgumentException("tensor " + quote(tensor.name()) + " is not aligned");
      }
      extents[i] = new Extent(tensor.name(), offset, bytes);
      Object entry =
          JsonFile.object(
              "dtype", tensor.type().name(),
              "shape", tensor.shape(),
              "data_offsets", List.of(offset, Math.addExact(offset, bytes)));
      if (header.put(tensor.name(), entry) != null) {
        throw new IllegalArgumentException("tensor " + quote(tensor.name()) + " declared twice");
      }
      offset += bytes;
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    SafetensorsWriter writer = new SafetensorsWriter(file, channel, List.of(extents));
    try {
      writer.writeFully(header(header));
      return writer;
    } catch (IOException e) {
      writer.close();
      throw e;
    }
  }

  private static ByteBuffer header(Map<String, Object> header) {
    byte[] json = JsonMapper.shared().writeValueAsBytes(header);
    int padded = Math.ceilDiv(json.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
    byte[] blanks = new byte[padded - json.length];
    Arrays.fill(blanks, (byte) ' ');
    return ByteBuffer.allocate(Long.BYTES + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(padded)
        .put(json)
        .put(blanks)
        .flip();
  }

  /**
   * Appends bytes of a tensor, little-endian.
   *
   * @throws IllegalStateException if another tensor is due, or the tensor has no room for them
   */
  public void append(String name, ByteBuffer bytes) throws IOException {
    skipComplete();
    if (current == extents.size() || !extents.get(current).name().equals(name)) {
      throw new IllegalStateException("tensor " + quote(name) + " is not the next of " + file);
    }
    long left = extents.get(current).length() - writtenOfCurrent;
    if (bytes.remaining() > left) {
      throw new IllegalStateException(
          "tensor %s gets %d bytes but has room for %d"
              .formatted(quote(name), bytes.remaining(), left));
    }
    writtenOfCurrent += bytes.remaining();
    writeFully(bytes);
  }

  /** Bytes of all declared tensors together. */
  public long totalBytes() {
    return totalBytes;
  }

  /**
   * Forces the complete file to the disk.
   *
   * @throws IllegalStateException if bytes are missing
   */
  public void finish() throws IOException {
    skipComplete();
    if (current != extents.size()) {
      throw new IllegalStateException(
          "tensor %s of %s lacks %d bytes"
              .formatted(
                  quote(extents.get(current).name()),
                  file,
                  extents.get(current).length() - writtenOfCurrent));
    }
    channel.force(true);
  }

  private void skipComplete() {
    while (current < extents.size() && writtenOfCurrent == extents.get(current).length()) {
      current++;
      writtenOfCurrent = 0;
    }
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int _ = channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
