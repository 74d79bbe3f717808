package dev.diptych.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the weights of an encoder lie in memory.
 *
 * <p>Blocks of memory follow in this order: for each layer four linear layers (query, key and
 * value; output; up; down), with a masked-language-model head its two (transform, vocabulary), the
 * embeddings of tokens, positions and segments (float16), and weight and bias of each norm
 * (float32, {@code [2, hidden]}): of the embeddings, two of each layer, and of the head. A linear
 * layer is as {@link Linear} describes it; queries are scaled.
 *
 * @param addresses of the blocks
 */
public record EncoderWeights(List<Long> addresses) {

  private static final int LINEARS_OF_A_LAYER = 4;
  private static final int TABLES = 4;

  public EncoderWeights {
    addresses = List.copyOf(addresses);
  }

  /** Bytes of each block for a shape. */
  public static List<Long> blockBytes(EncoderShape shape) {
    List<Long> sizes = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      shape.layer().forEach(linear -> sizes.add(linear.bytes()));
    }
    if (shape.masked()) {
      sizes.add(shape.out().bytes());
      sizes.add(shape.head().bytes());
    }
    for (int rows : new int[] {shape.vocabulary(), shape.positions(), shape.segments()}) {
      sizes.add((long) rows * shape.hidden() * Short.BYTES);
    }
    int norms = 1 + 2 * shape.layers() + (shape.masked() ? 1 : 0);
    sizes.add(norms * normBytes(shape.hidden()));
    return sizes;
  }

  private static long normBytes(int hidden) {
    return 2L * hidden * Float.BYTES;
  }

  long linear(int layer, int which) {
    return addresses.get(LINEARS_OF_A_LAYER * layer + which);
  }

  long transform() {
    return addresses.get(addresses.size() - TABLES - 2);
  }

  long head() {
    return addresses.get(addresses.size() - TABLES - 1);
  }

  long tokens() {
    return addresses.get(addresses.size() - TABLES);
  }

  long positions() {
    return addresses.get(addresses.size() - TABLES + 1);
  }

  long segments() {
    return addresses.get(addresses.size() - TABLES + 2);
  }

  long norm(int number, int hidden) {
    return addresses.getLast() + number * normBytes(hidden);
  }
}
