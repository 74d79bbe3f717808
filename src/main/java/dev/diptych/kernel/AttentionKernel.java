package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R10;
import static dev.diptych.kernel.Gpr.R11;
import static dev.diptych.kernel.Gpr.R8;
import static dev.diptych.kernel.Gpr.R9;
import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;
import static dev.diptych.kernel.Gpr.RSP;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Attention of some tokens that follow each other, by the query heads that share a key-value head,
 * over the blocks of a {@link KeyValueCache}. Queries and the weights of values are bfloat16, sums
 * float32. What a token gets is the same bit for bit whatever tokens are beside it.
 */
final class AttentionKernel {

  /*
   * Scores first, a block of positions at a time, in memory as [blocks, queries, 32]; positions behind
   * a token have one that no weight is left of. Then for each query the largest score, the
   * exponentials, as bfloat16 in the place of the first half of the scores, and one over their sum.
   * Then the values, weighted: as many channels in one go as there are registers for. Of a cache, which
   * is in memory, values and the next block's keys are asked for while a block's keys are read.
   */

  private static final int POSITIONS = KeyValueCache.POSITIONS;
  private static final int VECTOR = 64;
  private static final int LANES = 16;
  private static final int HALVES = POSITIONS / LANES;
  private static final int BFLOAT16_SHIFT = 16;
  private static final int BFLOAT16_HALF = 1 << 15; // of what is cut off
  private static final int SCORES_BYTES = POSITIONS * Float.BYTES; // of a query
  private static final float LEAST = -1e30f; // score, whose exponential is 0
  private static final int MOST_CAUSAL_TOKENS = 4; // more look at too much that only the last sees

  /* Kept below the stack pointer, in the 128 bytes that are a function's own. */
  private static final int LENGTH = -8; // positions that the last token sees
  private static final int BLOCKS = -16;
  private static final int OF_QUERIES = -128; // the largest score, then one over the sum

  private final int tokens;
  private final int heads;
  private final int headDimension;
  private final int queryStride;
  private final int outputStride;
  private final boolean causal;
  private final PairProducts products;
  private final MachineCode code;

  /**
   * A kernel.
   *
   * @param tokens times heads are at most {@link #mostHeads}
   * @param heads that share keys and values
   * @param headDimension a multiple of 16
   * @param queryStride bytes from the queries of a token to those of the next
   * @param outputStride the same for the output
   * @param causal whether each token sees one position more than the one before it
   * @param products how pairs of bfloat16 are multiplied
   */
  AttentionKernel(
      int tokens,
      int heads,
      int headDimension,
      int queryStride,
      int outputStride,
      boolean causal,
      PairProducts products,
      Arena arena) {
    if (tokens > ShapeLimits.ROWS
        || headDimension > ShapeLimits.HEAD_DIMENSION
        || Math.max(queryStride, outputStride) > Integer.MAX_VALUE / ShapeLimits.ROWS) {
      throw new IllegalArgumentException(
          "%d tokens of %d and %d bytes with heads of %d are beyond 32 bits"
              .formatted(tokens, queryStride, outputStride, headDimension));
    }
    this.tokens = tokens;
    this.heads = heads;
    this.headDimension = headDimension;
    this.queryStride = queryStride;
    this.outputStride = outputStride;
    this.causal = causal;
    this.products = products;
    Assembler a = new Assembler();
    scores(a);
    softmax(a);
    int vectors = headDimension / LANES;
    int atOnce = Math.min(vectors, products.registersLeft() / (queries() + 1));
    for (int first = 0; first < vectors; first += atOnce) {
      weightedValues(a, first, Math.min(atOnce, vectors - first));
    }
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /** Most heads that one kernel attends with. */
  static int mostHeads(PairProducts products) {
    return (products.registersLeft() - 2) / HALVES;
  }

  /** Most tokens that one kernel attends for causally, with so many heads. */
  static int mostCausalTokens(int heads, PairProducts products) {
    return Math.clamp(mostHeads(products) / heads, 1, MOST_CAUSAL_TOKENS);
  }

  private int queries() {
    return tokens * heads;
  }

  private void scores(Assembler a) {
    products.prepare(a);
    List<Zmm> sums = products.registers(HALVES * queries());
    Zmm none = products.register(HALVES * queries());
    Zmm score = products.register(HALVES * queries() + 1);
    a.constant(none, LEAST);
    a.move(R9, RCX); // scores
    a.store(RSP, BLOCKS, RSI);
    a.add(RDX, causal ? tokens - 1 : 0);
    a.store(RSP, LENGTH, RDX);
    a.move(RCX, RDX);
    a.move(RDX, RSI);
    a.move(R11, R9);
    int block = a.here();
    sums.forEach(a::zero);
    for (int pair = 0; pair < headDimension / 2; pair++) {
      for (int half = 0; half < HALVES; half++) {
        int place = pair * KeyValueCache.pairBytes(POSITIONS) + half * VECTOR;
        products.load(a, Memory.at(RSI, place));
        if (causal) {
          a.prefetchSecondLevel(RSI, place + KeyValueCache.halfBytes(headDimension));
          a.prefetchSecondLevel(RSI, place + 2 * KeyValueCache.halfBytes(headDimension));
        }
        for (int query = 0; query < queries(); query++) {
          int at = query / heads * queryStride + query % heads * headDimension * Float.BYTES;
          Memory channels = Memory.each(RDI, at + pair * Float.BYTES);
          products.add(a, sums.get(HALVES * query + half), channels);
        }
      }
    }
    for (int token = 0; token < tokens; token++) {
      if (causal || token == 0) {
        a.move(R10, RCX);
        a.add(R10, causal ? token - (tokens - 1) : 0);
        a.maskFirst(R10, RSI);
      }
      for (int i = 0; i < HALVES * heads; i++) {
        int sum = HALVES * heads * token + i;
        a.vector(Instruction.VMOVUPS, score, none);
        a.moveMasked(score, sums.get(sum), 1 + i % HALVES);
        a.store(R11, sum * VECTOR, score);
      }
    }
    a.add(R11, queries() * SCORES_BYTES);
    a.add(RDX, 2 * KeyValueCache.halfBytes(headDimension));
    a.move(RSI, RDX);
    a.loopBy(RCX, POSITIONS, block);
  }

  /* The queries go side by side, as what one does waits for itself again and again. */
  private void softmax(Assembler a) {
    List<Zmm> found = registers(); // of each query
    Zmm x = new Zmm(queries());
    Zmm half = new Zmm(queries() + 1);
    Exponential exponential = new Exponential(a, queries() + 2);
    int next = queries() * SCORES_BYTES;
    a.constant(half, BFLOAT16_HALF);
    found.forEach(largest -> a.constant(largest, LEAST));
    beginBlocks(a);
    int finding = a.here();
    for (int i = 0; i < HALVES; i++) {
      for (int query = 0; query < queries(); query++) {
        Memory scores = Memory.at(R11, query * SCORES_BYTES + i * VECTOR);
        a.vector(Instruction.VMAXPS, found.get(query), found.get(query), scores);
      }
    }
    a.add(R11, next);
    a.loopBy(RCX, POSITIONS, finding);
    for (int query = 0; query < queries(); query++) {
      a.combineLanes(Instruction.VMAXPS, found.get(query), x);
      exponential.toBaseTwo(a, found.get(query));
      a.vector(Instruction.VMOVSS_STORE, found.get(query), ofQuery(query));
      a.zero(found.get(query));
    }
    beginBlocks(a);
    int weighing = a.here();
    for (int query = 0; query < queries(); query++) {
      int place = query * SCORES_BYTES;
      for (int i = 0; i < HALVES; i++) {
        a.load(x, R11, place + i * VECTOR);
        exponential.toBaseTwoLess(a, x, Memory.each(RSP, ofQuery(query).displacement()));
        exponential.ofBaseTwo(a, x);
        a.vector(Instruction.VADDPS, found.get(query), found.get(query), x);
        a.vector(Instruction.VPADDD, x, x, half);
        a.shiftRight(x, x, BFLOAT16_SHIFT);
        a.vector(Instruction.VPMOVDW_STORE, x, Memory.at(R11, place + i * VECTOR / 2));
      }
    }
    a.add(R11, next);
    a.loopBy(RCX, POSITIONS, weighing);
    Zmm one = half;
    a.constant(one, 1f);
    for (int query = 0; query < queries(); query++) {
      Zmm sum = found.get(query);
      a.combineLanes(Instruction.VADDPS, sum, x);
      a.vector(Instruction.VDIVPS, sum, one, sum);
      a.vector(Instruction.VMOVSS_STORE, sum, ofQuery(query));
    }
  }

  private List<Zmm> registers() {
    return IntStream.range(0, queries()).mapToObj(Zmm::new).toList();
  }

  private static Memory ofQuery(int query) {
    return Memory.at(RSP, OF_QUERIES + query * Float.BYTES);
  }

  private static void beginBlocks(Assembler a) {
    a.move(R11, R9);
    a.move(RCX, RSP, LENGTH);
  }

  private void weightedValues(Assembler a, int firstVector, int vectors) {
    products.prepare(a);
    List<Zmm> means = products.registers(queries() * vectors);
    means.forEach(a::zero);
    beginBlocks(a);
    a.add(RCX, 1);
    a.halve(RCX); // pairs of positions
    a.move(RSI, RSP, BLOCKS);
    int block = a.here();
    a.add(RSI, KeyValueCache.halfBytes(headDimension)); // behind the keys
    a.move(RAX, POSITIONS / 2);
    a.least(RAX, RCX);
    int pair = a.here();
    for (int v = 0; v < vectors; v++) {
      products.load(a, Memory.at(RSI, (firstVector + v) * VECTOR));
      for (int query = 0; query < queries(); query++) {
        products.add(a, means.get(query * vectors + v), Memory.each(R11, query * SCORES_BYTES));
      }
    }
    a.add(RSI, KeyValueCache.pairBytes(headDimension));
    a.add(R11, Float.BYTES);
    a.loop(RAX, pair);
    a.add(R11, queries() * SCORES_BYTES - POSITIONS / 2 * Float.BYTES);
    a.loopBy(RCX, POSITIONS / 2, block);
    Zmm sum = products.register(queries() * vectors);
    for (int query = 0; query < queries(); query++) {
      a.vector(Instruction.VBROADCASTSS, sum, ofQuery(query));
      for (int v = 0; v < vectors; v++) {
        Zmm mean = means.get(query * vectors + v);
        a.vector(Instruction.VMULPS, mean, mean, sum);
        int channel = query % heads * headDimension + (firstVector + v) * LANES;
        a.store(R8, query / heads * outputStride + channel * Float.BYTES, mean);
      }
    }
  }

  /**
   * Attends.
   *
   * @param queries scaled, bfloat16, {@code [head_dim]} at the beginning of every {@code 4 *
   *     head_dim} bytes for each head
   * @param blocks the first block of keys and values
   * @param length positions that the first token sees
   * @param scores room for {@code tokens * heads} times the positions of all blocks, float32
   * @param output float32, {@code [heads, head_dim]} for each token
   */
  void attend(long queries, long blocks, long length, long scores, long output) {
    code.call(queries, blocks, length, scores, output, 0, 0);
  }
}
