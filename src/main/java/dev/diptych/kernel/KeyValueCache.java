package dev.diptych.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of sequences in bfloat16, each in a slot, on memory that is taken as it is
 * written.
 *
 * <p>For each layer, slot and key-value head there are blocks of 32 positions, one after the other:
 * the keys of a block, {@code [head_dim / 2, 32, 2]}, and its values, {@code [16, head_dim, 2]}. So
 * two channels of a key lie side by side, and two positions of a channel's values, as products of
 * bfloat16 add up pairs. Behind the last value at an even position there is a zero.
 */
final class KeyValueCache implements AutoCloseable {

  /** Positions of a block. */
  static final int POSITIONS = 32;

  private final int layers;
  private final int heads;
  private final int headDimension;
  private int slots;
  private int blocks; // of a slot's head
  private @Nullable ZeroedMemory memory;
  private long address;

  KeyValueCache(int layers, int heads, int headDimension) {
    this.layers = layers;
    this.heads = heads;
    this.headDimension = headDimension;
  }

  /** Bytes of the keys of a block, and of its values. */
  static int halfBytes(int headDimension) {
    return Math.multiplyExact(POSITIONS * Short.BYTES, headDimension);
  }

  /** Where the first channels of a position's key are in blocks that follow each other. */
  static long key(long blocks, int position, int headDimension) {
    return block(blocks, position, headDimension) + (long) position % POSITIONS * 2 * Short.BYTES;
  }

  /** Where the first channel of a position's value is in blocks that follow each other. */
  static long value(long blocks, int position, int headDimension) {
    int inBlock = position % POSITIONS;
    return block(blocks, position, headDimension)
        + halfBytes(headDimension)
        + (long) inBlock / 2 * pairBytes(headDimension)
        + (long) inBlock % 2 * Short.BYTES;
  }

  private static long block(long blocks, int position, int headDimension) {
    return blocks + 2L * halfBytes(headDimension) * (position / POSITIONS);
  }

  /** Bytes from a pair of channels, or of positions, to the next in the keys, or values. */
  static int pairBytes(int width) {
    return Math.multiplyExact(2 * Short.BYTES, width);
  }

  private long blockBytes() {
    return 2L * halfBytes(headDimension);
  }

  /**
   * Makes room for {@code newSlots} sequences of {@code length} tokens and keeps of each slot the
   * first tokens.
   *
   * @param kept how many, for each old slot; what the new room has none for is given up
   * @throws IllegalStateException if there is no room in the address space; then nothing changes
   */
  void reserve(int newSlots, int length, int[] kept) {
    int newBlocks = Math.ceilDiv(length, POSITIONS);
    long bytes = Math.multiplyExact(blockBytes(), (long) layers * heads);
    bytes = Math.multiplyExact(bytes, (long) newSlots * newBlocks);
    ZeroedMemory room = ZeroedMemory.reserve(List.of(Math.max(1, bytes)));
    long start = room.addresses().getFirst();
    for (int slot = 0; slot < Math.min(Math.min(slots, newSlots), kept.length); slot++) {
      int filled = Math.min(newBlocks, Math.ceilDiv(kept[slot], POSITIONS));
      for (int layer = 0; layer < layers; layer++) {
        for (int head = 0; head < heads; head++) {
          long target = start + blockBytes() * newBlocks * index(layer, newSlots, slot, head);
          Native.copy(blocks(layer, slot, head), target, filled * blockBytes());
        }
      }
    }
    close();
    memory = room;
    address = start;
    slots = newSlots;
    blocks = newBlocks;
  }

  /** Copies the first tokens of a slot over those of another. */
  void copy(int from, int to, int length) {
    long bytes = Math.ceilDiv(length, POSITIONS) * blockBytes();
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        Native.copy(blocks(layer, from, head), blocks(layer, to, head), bytes);
      }
    }
  }

  /** Gives back the memory of a slot behind its first tokens. */
  void truncate(int slot, int length) {
    int kept = Math.ceilDiv(length, POSITIONS);
    if (memory == null || kept >= blocks) {
      return;
    }
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        long first = blocks(layer, slot, head) + kept * blockBytes();
        memory.discard(first, (blocks - kept) * blockBytes());
      }
    }
  }

  /** Where the blocks of a slot's head begin. */
  long blocks(int layer, int slot, int head) {
    return address + blockBytes() * blocks * index(layer, slots, slot, head);
  }

  private long index(int layer, int slotsOfLayer, int slot, int head) {
    return ((long) layer * slotsOfLayer + slot) * heads + head;
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }
}
