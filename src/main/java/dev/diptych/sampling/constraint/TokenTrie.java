package dev.diptych.sampling.constraint;

import dev.diptych.tokenization.TokenBytes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;

/** Tokens by their bytes, in an order in which those with the same first bytes lie together. */
final class TokenTrie {

  /*
   * Nodes in preorder. A node is a byte behind those of the nodes above it; if it leads nowhere the
   * walk goes on behind its subtree.
   */

  private static final int NO_TOKEN = -1;

  private byte[] labels = new byte[1024];
  private int[] depths = new int[1024];
  private int[] ends = new int[1024];
  private int[] tokens = new int[1024];
  private final int[] same; // for each token the next with the same bytes
  private int size;
  private int deepest;

  /** A trie of some tokens, all of which have bytes. */
  TokenTrie(TokenBytes vocabulary, int[] ids) {
    same = new int[vocabulary.size()];
    Arrays.fill(same, NO_TOKEN);
    byte[][] sorted = new byte[ids.length][];
    Integer[] order = new Integer[ids.length];
    for (int i = 0; i < ids.length; i++) {
      sorted[i] = Objects.requireNonNull(vocabulary.of(ids[i]));
      order[i] = i;
    }
    Arrays.sort(order, Comparator.comparing(i -> sorted[i], Arrays::compareUnsigned));
    byte[] before = {};
    int[] path = new int[Arrays.stream(sorted).mapToInt(bytes -> bytes.length).max().orElse(0)];
    for (int i : order) {
      add(sorted[i], ids[i], before, path);
      before = sorted[i];
    }
    close(before.length, 0, path);
  }

  private void add(byte[] bytes, int token, byte[] before, int[] path) {
    int common = Arrays.mismatch(before, bytes);
    if (common < 0) {
      int node = path[bytes.length - 1];
      same[token] = tokens[node];
      tokens[node] = token;
      return;
    }
    close(before.length, common, path);
    for (int depth = common; depth < bytes.length; depth++) {
      if (size == labels.length) {
        grow();
      }
      path[depth] = size;
      labels[size] = bytes[depth];
      depths[size] = depth;
      tokens[size] = depth == bytes.length - 1 ? token : NO_TOKEN;
      size++;
    }
    deepest = Math.max(deepest, bytes.length);
  }

  private void close(int from, int to, int[] path) {
    for (int depth = from - 1; depth >= to; depth--) {
      ends[path[depth]] = size;
    }
  }

  private void grow() {
    labels = Arrays.copyOf(labels, 2 * size);
    depths = Arrays.copyOf(depths, 2 * size);
    ends = Arrays.copyOf(ends, 2 * size);
    tokens = Arrays.copyOf(tokens, 2 * size);
  }

  /**
   * Adds the tokens whose bytes lead somewhere; when that takes too long, of those of several bytes
   * only the ones that are known by then.
   */
  void collect(Pushdown pushdown, Configuration from, Mask mask) {
    ByteClasses classes = pushdown.classes();
    Configuration[] path = new Configuration[deepest + 1];
    path[0] = from;
    int node = 0;
    while (node < size) {
      int depth = depths[node];
      if (depth > 0 && pushdown.isExhausted()) {
        node = ends[node];
        continue;
      }
      Configuration reached = pushdown.after(path[depth], classes.of(labels[node] & 0xFF));
      if (reached.isDead()) {
        node = ends[node];
        continue;
      }
      path[depth + 1] = reached;
      for (int token = tokens[node]; token != NO_TOKEN; token = same[token]) {
        mask.add(token);
      }
      node++;
    }
  }
}
