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

  private final Pointer start;
  private final long blockBytes;
  private final int blocks;

  private ZeroedMemory(Pointer start, long blockBytes, int blocks) {
    this.start = start;
    this.blockBytes = blockBytes;
    this.blocks = blocks;
  }

  /** Whether blocks of this size can be had on this system. */
  static boolean supports(long blockBytes) {
    return Platform.isLinux() && blockBytes > 0 && blockBytes <= Integer.MAX_VALUE;
  }

  /**
   * Reserves so many blocks of a size that is {@linkplain #supports supported}.
   *
   * @throws IllegalStateException if the system has no room for them in the address space
   */
  static ZeroedMemory reserve(int blocks, long blockBytes) {
    Pointer start =
        function("mmap")
            .invokePointer(
                new Object[] {
                  Pointer.NULL,
                  new NativeLong(blocks * blockBytes),
                  PROT_READ_WRITE,
                  MAP_PRIVATE_ANONYMOUS_NORESERVE,
                  -1,
                  new NativeLong(0)
                });
    if (Pointer.nativeValue(start) == -1) {
      throw new IllegalStateException(
          "the system refuses to map %d bytes".formatted(blocks * blockBytes));
    }
    return new ZeroedMemory(start, blockBytes, blocks);
  }

  List<ByteBuffer> blocks() {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      buffers.add(start.getByteBuffer(i * blockBytes, blockBytes));
    }
    return buffers;
  }

  @Override
  public void close() {
    function("munmap").invokeInt(new Object[] {start, new NativeLong(blocks * blockBytes)});
  }

  private static Function function(String name) {
    return NativeLibrary.getInstance("c").getFunction(name);
  }
}
