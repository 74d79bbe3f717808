package dev.diptych.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of zeros that take no memory until they are written: the system, which must be Linux,
 * commits them page by page.
 *
 * <p>What is made from the blocks must not be used after this is closed.
 */
public final class ZeroedMemory implements AutoCloseable {

  private static final long CACHE_LINE = 64;
  private static final long HUGE_PAGE = 1 << 21;

  private final MemorySegment all;
  private final List<MemorySegment> blocks;
  private boolean closed;

  private ZeroedMemory(MemorySegment all, List<MemorySegment> blocks) {
    this.all = all;
    this.blocks = blocks;
  }

  /** Whether blocks of this size can be had as buffers. */
  public static boolean supports(long blockBytes) {
    return blockBytes > 0 && blockBytes <= Integer.MAX_VALUE;
  }

  /**
   * Reserves blocks in one piece, each from a cache line on.
   *
   * @throws IllegalStateException if the system has no room for them in the address space
   */
  public static ZeroedMemory reserve(List<Long> blockBytes) {
    return reserve(blockBytes, CACHE_LINE);
  }

  /**
   * Reserves blocks that will be written entirely and read again and again. They lie in pages of 2
   * MB if the system gives these: with fewer pages to look up, memory is read faster.
   *
   * @throws IllegalStateException if the system has no room for them in the address space
   */
  public static ZeroedMemory reserveForWeights(List<Long> blockBytes) {
    ZeroedMemory memory = reserve(blockBytes, HUGE_PAGE);
    SystemMemory.wantHugePages(memory.all);
    return memory;
  }

  private static ZeroedMemory reserve(List<Long> blockBytes, long alignment) {
    List<Long> offsets = new ArrayList<>();
    long end = 0;
    for (long bytes : blockBytes) {
      offsets.add(end);
      end = Math.ceilDiv(Math.addExact(end, bytes), CACHE_LINE) * CACHE_LINE;
    }
    MemorySegment all = SystemMemory.map(Math.addExact(end, alignment));
    long first = Math.ceilDiv(all.address(), alignment) * alignment - all.address();
    List<MemorySegment> blocks = new ArrayList<>();
    for (int i = 0; i < offsets.size(); i++) {
      blocks.add(all.asSlice(first + offsets.get(i), blockBytes.get(i)));
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

  /**
   * Gives back the memory of a part, as far as it fills whole pages; what it holds is lost.
   *
   * @param address of the part, in one of the blocks
   */
  public void discard(long address, long bytes) {
    SystemMemory.discard(all.asSlice(address - all.address(), bytes));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      SystemMemory.unmap(all);
    }
  }
}
