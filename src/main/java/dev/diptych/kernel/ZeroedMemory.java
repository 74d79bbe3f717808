package dev.diptych.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of zeros that take no memory until they are written: the system commits them page by page.
 *
 * <p>What is made from the blocks must not be used after this is closed.
 */
public final class ZeroedMemory implements AutoCloseable {

  private static final long CACHE_LINE = 64;

  private final MemorySegment all;
  private final List<MemorySegment> blocks;

  private ZeroedMemory(MemorySegment all, List<MemorySegment> blocks) {
    this.all = all;
    this.blocks = blocks;
  }

  /** Whether blocks of this size can be had on this system as buffers. */
  public static boolean supports(long blockBytes) {
    return SystemMemory.IS_LINUX && blockBytes > 0 && blockBytes <= Integer.MAX_VALUE;
  }

  /**
   * Reserves blocks in one piece, each from a cache line on.
   *
   * @throws IllegalStateException if the system has no room for them in the address space
   */
  public static ZeroedMemory reserve(List<Long> blockBytes) {
    long end = 0;
    List<Long> offsets = new ArrayList<>();
    for (long bytes : blockBytes) {
      offsets.add(end);
      end = Math.ceilDiv(end + bytes, CACHE_LINE) * CACHE_LINE;
    }
    MemorySegment all = SystemMemory.map(end);
    List<MemorySegment> blocks = new ArrayList<>();
    for (int i = 0; i < offsets.size(); i++) {
      blocks.add(all.asSlice(offsets.get(i), blockBytes.get(i)));
    }
    return new ZeroedMemory(all, blocks);
  }

  /** The blocks, whose sizes must be {@linkplain #supports supported}. */
  public List<ByteBuffer> blocks() {
    return blocks.stream().map(MemorySegment::asByteBuffer).toList();
  }

  /** Where the blocks are. */
  public List<Long> addresses() {
    return blocks.stream().map(MemorySegment::address).toList();
  }

  @Override
  public void close() {
    SystemMemory.unmap(all);
  }
}
