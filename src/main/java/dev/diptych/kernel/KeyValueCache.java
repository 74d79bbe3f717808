package dev.diptych.kernel;

/**
 * Where keys and values lie in memory, as products.py describes it: for each layer {@code [2 *
 * slots * kv_heads, head_dim * capacity]} of bfloat16.
 *
 * @param address of the first layer
 * @param layerBytes from one layer to the next
 * @param capacity tokens of a slot
 */
public record KeyValueCache(long address, long layerBytes, int slots, int capacity) {

  long keys(int layer, int head, int headDimension) {
    return address + layer * layerBytes + (long) head * headDimension * capacity * Short.BYTES;
  }

  long values(int layer, int head, int heads, int headDimension) {
    return keys(layer, slots * heads + head, headDimension);
  }

  long keyStride() {
    return (long) capacity * Short.BYTES;
  }
}
