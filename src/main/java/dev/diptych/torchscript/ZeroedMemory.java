package dev.diptych.torchscript;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of zeros that take no memory until they are written: the system commits them page by page.
 *
 * <p>Tensors may be made from the blocks; they must not be used after this is closed.
 */
final class ZeroedMemory implements AutoCloseable {

  /* POSIX, with the values that Linux gives these flags. */
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;

  private static final long CACHE_LINE = 64;

  private final Pointer start;
  private final long bytes;
  private final List<Block> blocks;

  private record Block(long offset, long bytes) {}

  private ZeroedMemory(Pointer start, long bytes, List<Block> blocks) {
    this.start = start;
    this.bytes = bytes;
    this.blocks = blocks;
  }

  /** Whether blocks of this size can be had on this system. */
  static boolean supports(long blockBytes) {
    return Platform.isLinux() && blockBytes > 0 && blockBytes <= Integer.MAX_VALUE;
  }

  /**
   * Reserves blocks of sizes that are {@linkplain #supports supported}, in one piece and each from
   * a cache line on.
   *
   * @throws IllegalStateException if the system has no room for them in the address space
   */
  static ZeroedMemory reserve(List<Long> blockBytes) {
    List<Block> blocks = new ArrayList<>();
    long end = 0;
    for (long bytes : blockBytes) {
      blocks.add(new Block(end, bytes));
      end = Math.ceilDiv(end + bytes, CACHE_LINE) * CACHE_LINE;
    }
    Pointer start =
        function("mmap")
            .invokePointer(
                new Object[] {
                  Pointer.NULL,
                  new NativeLong(end),
                  PROT_READ_WRITE,
                  MAP_PRIVATE_ANONYMOUS_NORESERVE,
                  -1,
                  new NativeLong(0)
                });
    if (Pointer.nativeValue(start) == -1) {
      throw new IllegalStateException("the system refuses to map %d bytes".formatted(end));
    }
    return new ZeroedMemory(start, end, blocks);
  }

  List<ByteBuffer> blocks() {
    return blocks.stream()
        .map(block -> start.getByteBuffer(block.offset(), block.bytes()))
        .toList();
  }

  /** Where the blocks are. */
  List<Long> addresses() {
    return blocks.stream().map(block -> Pointer.nativeValue(start) + block.offset()).toList();
  }

  @Override
  public void close() {
    function("munmap").invokeInt(new Object[] {start, new NativeLong(bytes)});
  }

  private static Function function(String name) {
    return NativeLibrary.getInstance("c").getFunction(name);
  }
}
