package dev.diptych.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Weights in the layout that kernels compute with, kept on the disk: made once, only read by every
 * later start.
 *
 * <pre>
 * file   := "DIPTYCH1" origin:byte[64] sum:int64 blocks:byte[…]      big-endian
 * origin := what the blocks were made of, as {@link WeightsOrigin} has it
 * sum    := CRC-32C of the blocks
 * </pre>
 *
 * A file is written aside and renamed when it is whole. One of another origin, or one that was cut
 * off or altered, counts as absent and is replaced.
 */
public final class PreparedWeights {

  private static final String MAGIC = "DIPTYCH1";
  private static final int HEADER_BYTES = MAGIC.length() + WeightsOrigin.DIGITS + Long.BYTES;
  private static final long UNTOUCHED_BYTES = 64L << 20; // of the disk

  private final @Nullable Path folder;

  private PreparedWeights(@Nullable Path folder) {
    this.folder = folder;
  }

  /** Weights that are kept in {@code .prepared} of the folder that holds the models. */
  public static PreparedWeights in(Path store) {
    return new PreparedWeights(store.toAbsolutePath().normalize().resolve(".prepared"));
  }

  /** Keeps nothing. */
  public static PreparedWeights none() {
    return new PreparedWeights(null);
  }

  /**
   * Fills blocks with what was kept for a model.
   *
   * @param model its folder
   * @param blocks direct and full of zeros, from position 0 to their limits
   * @return whether there was something; if not, the blocks are as before
   * @throws IOException if there is something that cannot be read
   */
  public boolean read(Path model, WeightsOrigin origin, List<ByteBuffer> blocks)
      throws IOException {
    Path file = folder == null ? null : file(folder, model);
    if (file == null || !Files.isRegularFile(file)) {
      return false;
    }
    boolean whole = false;
    try (FileChannel channel = FileChannel.open(file)) {
      whole = fill(blocks, origin, channel);
    } catch (EOFException e) {
      // cut off after its size was looked at
    } finally {
      if (!whole) {
        blocks.forEach(block -> MemorySegment.ofBuffer(block.duplicate()).fill((byte) 0));
      }
    }
    return whole;
  }

  private static boolean fill(List<ByteBuffer> blocks, WeightsOrigin origin, FileChannel channel)
      throws IOException {
    if (channel.size() != HEADER_BYTES + bytes(blocks)) {
      return false;
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    fill(header, channel);
    long sum = header.getLong(HEADER_BYTES - Long.BYTES);
    if (!header.rewind().equals(header(origin, sum))) {
      return false;
    }
    for (ByteBuffer block : blocks) {
      fill(block.duplicate(), channel);
    }
    return sum(blocks) == sum;
  }

  /**
   * Keeps blocks for a model, in the place of older ones; does nothing if somebody else is just
   * doing the same.
   *
   * @throws IOException if they cannot be kept
   */
  public void write(Path model, WeightsOrigin origin, List<ByteBuffer> blocks) throws IOException {
    if (folder == null) {
      return;
    }
    Files.createDirectories(folder);
    Path file = file(folder, model);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null || Files.notExists(part)) {
        return; // somebody is writing it, or has just renamed it
      }
      write(part, origin, blocks, channel);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (OverlappingFileLockException e) {
      return; // somebody else is in this process
    }
  }

  private static void write(
      Path part, WeightsOrigin origin, List<ByteBuffer> blocks, FileChannel channel)
      throws IOException {
    try {
      channel.truncate(0);
      requireSpace(part, HEADER_BYTES + bytes(blocks));
      drain(header(origin, sum(blocks)), channel);
      for (ByteBuffer block : blocks) {
        drain(block.duplicate(), channel);
      }
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
  }

  /** Where weights of a model are kept; one outside the store is told by its whole path. */
  private static Path file(Path folder, Path model) {
    Path whole = model.toAbsolutePath().normalize();
    String name = String.valueOf(whole.getFileName());
    if (!Objects.equals(folder.getParent(), whole.getParent())) {
      name += "-" + Integer.toHexString(whole.toString().hashCode());
    }
    return folder.resolve(name + ".int8");
  }

  private static void requireSpace(Path file, long bytes) throws IOException {
    long free = Files.getFileStore(file).getUsableSpace();
    if (free < bytes + UNTOUCHED_BYTES) {
      throw new IOException(
          "%d MB are wanted and %d MB are left on its disk".formatted(bytes >> 20, free >> 20));
    }
  }

  private static ByteBuffer header(WeightsOrigin origin, long sum) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .put((MAGIC + origin.sha256()).getBytes(StandardCharsets.US_ASCII))
        .putLong(sum)
        .flip();
  }

  private static long bytes(List<ByteBuffer> blocks) {
    return blocks.stream().mapToLong(ByteBuffer::limit).sum();
  }

  private static long sum(List<ByteBuffer> blocks) {
    CRC32C sum = new CRC32C();
    blocks.forEach(block -> sum.update(block.duplicate()));
    return sum.getValue();
  }

  private static void fill(ByteBuffer buffer, FileChannel channel) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException();
      }
    }
  }

  private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
