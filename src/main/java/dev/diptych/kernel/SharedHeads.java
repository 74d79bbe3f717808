package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Attention of the query heads that share a key-value head, as many at once as registers allow. */
final class SharedHeads {

  private final DecoderShape shape;
  private final int mostHeads;
  private final int mostTokens;
  private final List<List<AttentionKernel>> kernels =
      new ArrayList<>(); // for each number of tokens

  SharedHeads(DecoderShape shape, PairProducts products, Arena arena) {
    this.shape = shape;
    mostHeads = Math.min(shape.sharedHeads(), AttentionKernel.mostHeads(products));
    mostTokens = AttentionKernel.mostCausalTokens(mostHeads, products);
    for (int tokens = 1; tokens <= mostTokens; tokens++) {
      List<AttentionKernel> parts = new ArrayList<>();
      for (int head = 0; head < shape.sharedHeads(); head += mostHeads) {
        int heads = Math.min(mostHeads, shape.sharedHeads() - head);
        parts.add(kernel(tokens, heads, products, arena));
      }
      kernels.add(parts);
    }
  }

  private AttentionKernel kernel(int tokens, int heads, PairProducts products, Arena arena) {
    return new AttentionKernel(
        tokens,
        heads,
        shape.headDimension(),
        ShapeLimits.rowBytes(shape.qkvWidth()),
        ShapeLimits.rowBytes(shape.attentionWidth()),
        true,
        products,
        arena);
  }

  /** Most tokens of a call. */
  int mostTokens() {
    return mostTokens;
  }

  /** Most queries of a call, which have room for scores. */
  int mostQueries() {
    return mostTokens * mostHeads;
  }

  /** Attends with all heads; {@link AttentionKernel#attend} has what the arguments are. */
  void attend(int tokens, long queries, long blocks, long length, long scores, long output) {
    int partBytes = mostHeads * shape.headDimension() * Float.BYTES;
    long offset = 0;
    for (AttentionKernel part : kernels.get(tokens - 1)) {
      part.attend(queries + offset, blocks, length, scores, output + offset);
      offset += partBytes;
    }
  }
}
