package dev.diptych.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the weights of a decoder lie in memory.
 *
 * <p>Blocks of memory follow in this order: for each layer four linear layers (query, key and
 * value; output; gate and up; down), the head, the embeddings (float16, {@code [vocabulary,
 * hidden]}), and the spacing of int8 values in a row of length 1, a float32. A linear layer has the
 * panels of all its blocks of 16 outputs, as {@link LinearKernel} describes them, and behind these
 * for each block 16 scales and 16 values of the bias, float32. The last block of the head may be
 * filled up with zeros.
 *
 * @param addresses of the blocks
 */
public record DecoderWeights(List<Long> addresses) {

  /** Blocks of a layer. */
  public static final int LINEARS_OF_A_LAYER = 4;

  /** Blocks behind those of the layers. */
  public static final int BLOCKS_BEHIND_LAYERS = 3;

  public DecoderWeights {
    addresses = List.copyOf(addresses);
  }

  /** Bytes of each block for a shape. */
  public static List<Long> blockBytes(DecoderShape shape) {
    List<Long> sizes = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      shape.layer().forEach(linear -> sizes.add(linear.bytes()));
    }
    sizes.add(shape.head().bytes());
    sizes.add((long) shape.vocabulary() * shape.hidden() * Short.BYTES);
    sizes.add((long) Float.BYTES);
    return sizes;
  }

  long linear(int layer, int which) {
    return addresses.get(LINEARS_OF_A_LAYER * layer + which);
  }

  long head() {
    return addresses.get(addresses.size() - 3);
  }

  long embeddings() {
    return addresses.get(addresses.size() - 2);
  }

  long spacing() {
    return addresses.getLast();
  }
}
